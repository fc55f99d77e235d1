import type { FuzzWorld } from './world.js';

/** How the API of one document is called. */
export interface FuzzTarget {
  readonly name: string;
  /** Path of its document. */
  readonly document: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether requests are signed instead. */
  readonly signed?: boolean;
  /** Values that mean something, by parameter; every second request has one of them. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** What an operation does differently, as schemathesis is configured: one TOML table each. */
  readonly operations?: readonly string[];
  /** Checks of schemathesis that ask for something else than this API has. */
  readonly leftOut?: readonly string[];
  /** Status of a call without credentials. */
  readonly stranger: number;
  /** Share of the time. */
  readonly weight: number;
}

/** Every document that the service has, in the order in which they are tried: the core's deletes come last. */
export function fuzzTargets({ token, password, ids }: FuzzWorld): readonly FuzzTarget[] {
  const bearer = { Authorization: `Bearer ${token}` };
  const basic = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const uuid = ['6f2c1d3e-0000-4000-8000-000000000001', ids.executionUid];
  return [
    {
      name: 'symetry',
      document: '/openapi/symetry.json',
      headers: {},
      signed: true,
      known: { 'path.cid': ['admin'], 'path.tid': ['iris'], 'path.modelid': ['iris'] },
      // A model that is not there is documented as 500.
      operations: [expectedStatus('PredictionService_Predict', 500)],
      // `create` may be the name of a task as well, so that its path has the methods of both.
      leftOut: ['allow_header_conformance'],
      stranger: 400,
      weight: 1,
    },
    {
      name: 'opentox',
      document: '/openapi/opentox.json',
      headers: { subjectid: token },
      known: { 'path.id': [ids.execution, ids.executionUid] },
      // The status of the answer is that of the task: 503 if it was cancelled, 500 if it failed.
      operations: [expectedStatus('TaskService_GetTask', 500, 503)],
      stranger: 401,
      weight: 1,
    },
    {
      name: 'datameer',
      document: '/openapi/datameer.json',
      headers: { Authorization: basic },
      known: {
        'path.file': [ids.task, '%2Fusers%2Fadmin%2Ftasks%2Firis'],
        'path.jobConfigurationId': [ids.task],
        'path.jobExecutionId': [ids.execution],
      },
      stranger: 401,
      weight: 1,
    },
    {
      name: 'kandasearch',
      document: '/openapi/kandasearch.json',
      headers: bearer,
      known: { 'path.projectId': uuid, 'path.instanceSetId': uuid, 'path.taskId': uuid },
      // Every refusal but that of a token is documented as 200.
      leftOut: ['unsupported_method'],
      stranger: 401,
      weight: 1,
    },
    {
      name: 'predictd',
      document: '/openapi.json',
      headers: bearer,
      known: {
        'path.user': ['me', 'admin', 'fuzz', '-'],
        'path.task': ['iris'],
        'path.execution': ['1', '-'],
        'path.model': ['iris'],
        'path.modelId': ['iris', 'other'],
        'path.target': ['iris'],
      },
      operations: [
        // Whoever calls should still be there afterwards.
        ...['UserService_DeleteUser', 'UserService_ResetCredentials'].map(
          (id) =>
            `[[operations]]\ninclude-operation-id = "${id}"\nparameters = { "path.user" = "fuzz" }`,
        ),
        // Streams have no end of their own.
        '[[operations]]\ninclude-path-regex = ":(watch|tailLogs)"\nheaders = { Connect-Timeout-Ms = "200" }',
      ],
      stranger: 401,
      weight: 3,
    },
  ];
}

function expectedStatus(operation: string, ...statuses: readonly number[]): string {
  const expected = ['2xx', '3xx', '4xx', ...statuses].map((status) => `"${status}"`).join(', ');
  return `[[operations]]\ninclude-operation-id = "${operation}"\nchecks.not_a_server_error.expected-statuses = [${expected}]`;
}
