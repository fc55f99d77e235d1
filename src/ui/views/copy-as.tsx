import { useSignal } from '@preact/signals';
import { type Call, calls, shellLine, type Tool, tools } from '../api/commands.js';
import { announce } from '../components/notice.js';

/** The same calls outside of this page, to copy. */
export function CopyAs({ name }: { readonly name: string }) {
  const call = useSignal<Call>('get');
  const lines = tools.map(
    (tool) => [tool, shellLine(tool, call.value, name, location.origin)] as const,
  );
  return (
    <section class="copy-as">
      <h2>Copy as</h2>
      <label>
        Call{' '}
        <select
          value={call.value}
          onChange={({ currentTarget: { value } }) => {
            call.value = calls.find((one) => one === value) ?? 'get';
          }}
        >
          {calls.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      {lines.map(([tool, line]) => (
        <div key={tool} class="line">
          <b>{tool}</b>
          <pre>{line}</pre>
          <button type="button" onClick={() => copy(tool, line)}>
            Copy as {tool}
          </button>
        </div>
      ))}
      <small>
        Set <code>TOKEN</code> first: secrets are not copied.
      </small>
    </section>
  );
}

async function copy(tool: Tool, line: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(line);
    announce(`Copied as ${tool}.`);
  } catch {
    // Without TLS on another machine browsers give no clipboard.
    announce('The browser does not allow it here. Select the line instead.', true);
  }
}
