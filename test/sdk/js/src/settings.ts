/** What the examples work on. */
export const settings = {
  url: variable('PREDICTD_URL'),
  token: variable('PREDICTD_TOKEN'),
  source: variable('EXAMPLE_SOURCE'),
  sink: variable('EXAMPLE_SINK'),
  modelFile: variable('EXAMPLE_MODEL'),
  taskId: variable('EXAMPLE_TASK'),
};

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** One line for whoever runs the example. */
export function print(...words: unknown[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}
