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
  const enter = async (authorization: string) => {
    isBusy.value = true;
    fault.value = '';
    try {
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
      <div class="door">
        <h1>predictd</h1>
        {farewell.value && (
          <p class="farewell" role="alert">
            {farewell.value}
          </p>
        )}
        <form
          onSubmit={(event) => {
            const token = given(event, 'token').trim();
            // Browsers refuse to send anything else, in words that help nobody.
            if (/^[\x21-\x7e]+$/.test(token)) void enter(`Bearer ${token}`);
            else fault.value = 'This is no token: it has spaces or letters that no token has.';
          }}
        >
          <label>
            Token
            <input name="token" type="password" required autoComplete="off" spellcheck={false} />
            <small>
              The first one is in <code>admin.json</code> of the data directory.
            </small>
          </label>
          <button type="submit" class="primary" disabled={isBusy.value}>
            Sign in
          </button>
        </form>
        <p class="or">or</p>
        <form
          onSubmit={(event) =>
            void enter(basic(given(event, 'user').trim(), given(event, 'password')))
          }
        >
          <label>
            Name
            <input name="user" required autoComplete="username" spellcheck={false} />
          </label>
          <label>
            Password
            <input name="password" type="password" required autoComplete="current-password" />
          </label>
          <button type="submit" disabled={isBusy.value}>
            Sign in with a password
          </button>
        </form>
        <p class="fault" role="alert">
          {fault.value}
        </p>
        <small>Kept for this tab, until it is closed.</small>
      </div>
    </main>
  );
}

function given(event: SubmitEvent, name: string): string {
  event.preventDefault();
  return String(new FormData(event.currentTarget as HTMLFormElement).get(name) ?? '');
}
