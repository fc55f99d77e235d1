import { useSignal } from '@preact/signals';
import { RoleSchema } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { whoIs } from '../api/clients.js';
import { failureOf } from '../api/failure.js';
import { basic, farewell, type Session, signIn } from '../api/session.js';
import { word } from '../words.js';

/** Asks who somebody is: by a token, or by name and password. */
export function SignIn() {
  const fault = useSignal('');
  const isBusy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const given = (name: string) => String(form.get(name) ?? '').trim();
    const token = given('token');
    if (token === '' && given('user') === '') {
      fault.value = 'Give a token, or a name and its password.';
      return;
    }
    isBusy.value = true;
    fault.value = '';
    try {
      const password = String(form.get('password') ?? '');
      const authorization = token === '' ? basic(given('user'), password) : `Bearer ${token}`;
      const { name, role } = await whoIs(authorization);
      signIn({ authorization, user: name, role: word(RoleSchema, role) as Session['role'] });
    } catch (error) {
      const { message, retryAfterMs } = failureOf(error);
      const wait = retryAfterMs ? ` Try again in ${Math.ceil(retryAfterMs / 1_000)} s.` : '';
      fault.value = `${message}${wait}`;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <h1>predictd</h1>
        {farewell.value && <p class="farewell">{farewell.value}</p>}
        <label>
          Token
          <input name="token" type="password" autoComplete="off" spellcheck={false} />
          <small>
            The first one is in <code>admin.json</code> of the data directory.
          </small>
        </label>
        <p class="or">or</p>
        <label>
          Name
          <input name="user" autoComplete="username" spellcheck={false} />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" />
        </label>
        <p class="fault" role="alert">
          {fault.value}
        </p>
        <button type="submit" class="primary" disabled={isBusy.value}>
          {isBusy.value ? 'Signing in…' : 'Sign in'}
        </button>
        <small>Kept for this tab, until it is closed.</small>
      </form>
    </main>
  );
}
