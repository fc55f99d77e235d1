/** Every bound of the domain, with the reason for its number. */
export const limits = {
  /** Executions at once: the documented default of `sml.task.max`. */
  tasksMaxDefault: 4,
  /** A definition fits on a screen; a catalogue of thousands is another product. */
  tasksPerUserMax: 1_000,
  modelsPerUserMax: 1_000,
  targetsPerUserMax: 1_000,
  /** Large enough for tree ensembles and small networks, small enough to hash and load in seconds. */
  modelBytesMax: 512 * 1024 * 1024,
  uploadChunkBytesMax: 4 * 1024 * 1024,
  nameCharsMax: 128,
  userNameCharsMax: 64,
  /** Kafka's own bound for topic names. */
  topicCharsMax: 249,
  displayNameCharsMax: 256,
  labelsMax: 32,
  labelCharsMax: 63,
  bootstrapServersMax: 16,
  featuresMax: 100_000,
  /** As many schemas as are kept of one topic. */
  schemaIdsMax: 1_000,
  /** Outputs of a model that one prediction can show. */
  sinkFieldsMax: 1_000,
  fieldNameCharsMax: 256,
  consumerGroupCharsMax: 255,
  /** Kafka user names and passwords; tokens that stand in for passwords are long. */
  credentialCharsMax: 4_096,
  /** A chain of a dozen certificates. */
  pemCharsMax: 65_536,
  /** Longer, and nobody knows whether a remote predictor is slow or gone. */
  remoteTimeoutMsMax: 60_000,
  remoteTimeoutMsLeast: 100,
  remoteTimeoutMsDefault: 10_000,
  parallelismMax: 64,
  batchRecordsMax: 100_000,
  batchRecordsDefault: 4_000,
  batchWaitMsMax: 60_000,
  batchWaitMsDefault: 50,
  heapMinMibDefault: 1_024,
  heapMaxMibDefault: 2_048,
  heapMibMax: 65_536,
  /** Below it V8 cannot start a thread and load a model. */
  heapMibLeast: 64,
  restartsDefault: 10,
  restartsMax: 1_000,
  /** Faults of one request that are told; who made more made the same one many times. */
  faultsMax: 100,
  pageDefault: 50,
  pageMax: 1_000,
  filterCharsMax: 4_096,
  dryRunRecordsMax: 100,
  predictRowsMax: 1_000,
  /** Records of one call that brings them as files; more belong into the source topic. */
  fileRecordsMax: 1_000_000,
  /** A model that scores a handful of rows slower than this would stall any stream. */
  predictTimeoutMs: 10_000,
  /** Loading and one warm-up run of an uploaded model. */
  modelCheckTimeoutMs: 60_000,
  passwordCharsLeast: 12,
  passwordCharsMax: 256,
  projectsMax: 100,
  /** Watches held open by one user and by all. */
  watchersPerUserMax: 100,
  watchersMax: 2_000,
  /** Changes that wait for one slow watcher before it is resynchronised. */
  watcherQueueMax: 256,
  watchHeartbeatMs: 15_000,
  /** How often mere progress is shown to watchers. */
  watchProgressMs: 500,
  /** History kept for a task. */
  eventsPerTaskMax: 10_000,
  eventsMaxAgeMs: 90 * 24 * 3_600_000,
  /** An execution's log is a ring of two files of this size: some thousand lines. */
  logFileBytes: 512 * 1024,
  /** Longer lines are cut. */
  logLineCharsMax: 8_192,
  /** Lines that wait for a slow disk; the ones behind them are left out. */
  logLinesWaitingMax: 1_000,
  logLinesDefault: 100,
  logLinesMax: 10_000,
  /** Lines that wait for one slow reader before it skips some. */
  logReaderQueueMax: 500,
  /** Executions of a task whose logs are kept. */
  logsPerTaskMax: 20,
  logsMaxAgeMs: 30 * 24 * 3_600_000,
  deadLettersPageMax: 100,
  /** Dead letters that are replayed by their names in one call. */
  replayNamesMax: 100,
  /** Of one dead letter, and of all of one page: an answer has room for both. */
  deadLetterValueBytesMax: 4 * 1024 * 1024,
  deadLettersPageBytesMax: 6 * 1024 * 1024,
  /** Larger values are not decoded, only shown as they are. */
  deadLetterJsonBytesMax: 1024 * 1024,
  /** What one call replays or purges at most, and how long it goes on: the next call goes on from there. */
  deadLettersPerCallMax: 20_000,
  deadLettersPerCallMs: 20_000,
  /** Ended executions kept of a task: years of daily ones. The newest one is always kept. */
  executionsPerTaskMax: 1_000,
  executionsMaxAgeMs: 365 * 24 * 3_600_000,
  /** Rows that retention deletes at once; what somebody waits for comes in between. */
  retentionRowsMax: 1_000,
  /** Tasks with metrics of their own, of some 120 series each; and partitions, of two each. Others are summed up. */
  metricTasksMax: 500,
  metricPartitionsMax: 2_500,
  requestIdMaxAgeMs: 24 * 3_600_000,
  /** A runner that was silent for so long holds its lease no more. */
  leaseMs: 5_000,
  heartbeatMs: 1_000,
  /** A data loop that did not turn for so long hangs; a slow model scores for a few seconds. */
  loopMs: 15_000,
  /** Lag without progress for so long is a stall. */
  stallMs: 30_000,
  /** A part of a micro-batch is made to take a tenth of a second; the slowest models take seconds for one record. */
  scoreTimeoutSecondsDefault: 30,
  /** A stalled runner is replaced after so long. */
  stallRestartMs: 60_000,
  /** Time for a runner to join, load and fetch before it is replaced; a killed member holds the group for its session. */
  startMs: 120_000,
  /** Time for a cooperative stop before the runner is killed. */
  stopMs: 15_000,
  restartDelayMs: 1_000,
  restartDelayMsMax: 300_000,
  /** A burst of bad records is one in so long. */
  badRecordsWindowMs: 60_000,
  /** Fewer bad records are an accident, not a burst. */
  badRecordsLeast: 100,
  /** More than this share of the records: something is wrong with the model or with whoever writes. */
  badRecordsShare: 0.1,
  /** Healthy for so long sets the restart budget back. */
  healthyMs: 600_000,
  /** How often progress goes to disk; it is exact anyway, from Kafka. */
  progressWriteMs: 5_000,
} as const;
