import type { Input } from '../domain/step-input.js';
import type { FromRunner } from '../runner/messages.js';

/** What a runner said, as the step takes it. */
export function inputOf(message: FromRunner): Input {
  if (message.type === 'heartbeat') {
    const { type, epoch, measured: _measured, ...report } = message;
    return { type, epoch, report };
  }
  return message;
}
