import { refuse, session } from './session.js';

/** A file on its way. */
export interface Upload {
  /** Why it failed; empty when the service has the model. */
  readonly ended: Promise<string>;
  cancel(): void;
}

/**
 * Uploads a model by its HTTP route: browsers cannot stream a call's messages, and only this way tells how far it is.
 */
export function uploadModel(
  { user, id, file }: { readonly user: string; readonly id: string; readonly file: File },
  onSent: (bytes: number) => void,
): Upload {
  const mine = session.value;
  const request = new XMLHttpRequest();
  request.open('POST', `/v1/${user}/models/${encodeURIComponent(id)}:upload`);
  request.setRequestHeader('authorization', mine?.authorization ?? '');
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.upload.onprogress = ({ loaded }) => onSent(loaded);
  const ended = new Promise<string>((resolve) => {
    request.onload = () => {
      if (request.status === 401) refuse(mine);
      resolve(request.status < 400 ? '' : faultOf(request));
    };
    request.onerror = () => resolve('The connection broke before all was sent. Try again.');
    request.onabort = () => resolve('It was cancelled. Nothing was kept.');
  });
  request.send(file);
  // Whoever has signed out sends nothing more.
  const forget = session.subscribe((now) => {
    if (now !== mine) request.abort();
  });
  void ended.then(forget);
  return { ended, cancel: () => request.abort() };
}

function faultOf({ status, responseText }: XMLHttpRequest): string {
  try {
    const { error } = JSON.parse(responseText) as { error?: { message?: string } };
    return error?.message ?? `The service answered ${status}.`;
  } catch {
    return `The service answered ${status}.`;
  }
}
