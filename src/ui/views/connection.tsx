import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type CheckResult, checkProtocol, protocols } from '../api/protocol-check.js';

/**
 * Tries the two protocols that browsers can speak with the service, each with a call and a stream: where a proxy between
 * them holds streams back, this shows it.
 */
export function Connection() {
  const results = useSignal<readonly CheckResult[]>([]);
  const isBusy = useSignal(false);
  const run = async () => {
    isBusy.value = true;
    results.value = [];
    for (const protocol of protocols) {
      results.value = [...results.value, ...(await checkProtocol(protocol))];
    }
    isBusy.value = false;
  };
  useEffect(() => {
    document.title = 'Connection · predictd';
    void run();
  }, []);
  return (
    <div class="sheet">
      <h1>Connection</h1>
      <p>
        This page is a client like any other. It calls the service by both protocols that a browser
        can speak, with one answer and with a stream of answers.
      </p>
      <div class="tools">
        <button type="button" onClick={run} disabled={isBusy.value}>
          {isBusy.value ? 'Trying…' : 'Try again'}
        </button>
      </div>
      <table class="plain" aria-live="polite">
        <thead>
          <tr>
            <th>Protocol</th>
            <th>Call</th>
            <th>Result</th>
            <th class="number">Time</th>
            <th class="wide">What came</th>
          </tr>
        </thead>
        <tbody>
          {results.value.map(({ protocol, call, isGood, text, ms }) => (
            <tr key={`${protocol} ${call}`}>
              <td>{protocol}</td>
              <td>{call}</td>
              <td class={isGood ? 'tone-good' : 'tone-bad'}>{isGood ? '✓ works' : '✗ fails'}</td>
              <td class="number">{Math.round(ms)} ms</td>
              <td class="wide">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
