/** What a command run by `execFile` printed before it failed, on either stream. */
export function toolOutput(error: unknown): string {
  const fields = error instanceof Error ? Object.entries(error) : [];
  const outputs = fields.filter(([name]) => name === 'stdout' || name === 'stderr');
  return outputs
    .map(([, output]) => String(output).trim())
    .filter((output) => output !== '')
    .join('\n');
}
