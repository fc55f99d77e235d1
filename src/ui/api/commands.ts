/** Ways to call the service outside of a browser. */
export const tools = ['curl', 'grpcurl', 'CLI'] as const;
export type Tool = (typeof tools)[number];

/** What the ways are shown for. */
export const calls = ['get', 'watch', 'start', 'stop', 'log'] as const;
export type Call = (typeof calls)[number];

interface Spelling {
  /** Behind `/v1/{name}`, and whether it is a POST. */
  readonly path: string;
  readonly isPost?: boolean;
  readonly rpc: string;
  readonly request: (name: string) => object;
  readonly command: string;
}

const spellings: Readonly<Record<Call, Spelling>> = {
  get: {
    path: '',
    rpc: 'TaskService/GetTask',
    request: (name) => ({ name }),
    command: 'tasks get',
  },
  watch: {
    path: ':watch',
    rpc: 'TaskService/WatchTasks',
    request: (name) => ({ name }),
    command: 'tasks watch',
  },
  start: {
    path: ':start',
    isPost: true,
    rpc: 'TaskService/StartTask',
    request: (name) => ({ name }),
    command: 'tasks start',
  },
  stop: {
    path: ':stop',
    isPost: true,
    rpc: 'TaskService/StopTask',
    request: (name) => ({ name }),
    command: 'tasks stop',
  },
  log: {
    path: '/executions/-:tailLogs?follow=true',
    rpc: 'ExecutionService/TailLogs',
    request: (name) => ({ name: `${name}/executions/-`, follow: true }),
    command: 'logs -f',
  },
};

/** A line for a POSIX shell that does the call on a task. The token stays a variable: it is a secret. */
export function shellLine(tool: Tool, call: Call, name: string, origin: string): string {
  const { path, isPost, rpc, request, command } = spellings[call];
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  switch (tool) {
    case 'curl': {
      const url = `${origin}/v1/${name.split('/').map(encodeURIComponent).join('/')}${path}`;
      return ['curl', '-N', bearer, ...(isPost ? ['-X', 'POST'] : []), quoted(url)].join(' ');
    }
    case 'grpcurl': {
      const { host, protocol } = new URL(origin);
      const plain = protocol === 'http:' ? ['-plaintext'] : [];
      const data = quoted(JSON.stringify(request(name)));
      return ['grpcurl', ...plain, bearer, '-d', data, host, `predictd.v1.${rpc}`].join(' ');
    }
    case 'CLI':
      return `PREDICTD_TOKEN="$TOKEN" npx predictd ${command} ${quoted(name)} --url ${quoted(origin)}`;
  }
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
