import type { ISocketFactory } from 'kafkajs';
import type { RemoteCalls } from './call-guard.js';

/** What reaches a remote predictor. */
export interface RemoteContext {
  /** Knows where the task may connect. */
  readonly socketFactory: ISocketFactory;
  readonly calls: RemoteCalls;
}
