import type { SignInIssuer, SignInSettings } from '@countersign/protocol/sign-in-settings';
import { useMutation } from '@tanstack/react-query';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Mark } from '../ui/mark.tsx';
import { signIn } from './session.ts';
import styles from './sign-in-page.module.css';

/** Where somebody says who they are: at the issuer, never here. */
export function SignInPage({
  settings,
  returnTo,
}: {
  readonly settings: SignInSettings;
  readonly returnTo: string;
}) {
  const start = useMutation({ mutationFn: (issuer: SignInIssuer) => signIn(issuer, returnTo) });
  const { issuers, is_sign_up_open } = settings;
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.mark}>
          <Mark /> Countersign
        </div>
        <h1>Sign in</h1>
        <p>Agents propose. People countersign. A runner inside your network writes.</p>
        <div className={styles.ways}>
          {issuers.map((issuer) => (
            <Button
              key={issuer.issuer}
              look="main"
              disabled={start.isPending}
              onClick={() => start.mutate(issuer)}
            >
              Continue with {issuer.name}
            </Button>
          ))}
        </div>
        {issuers.length === 0 ? (
          <p>
            Nobody can sign in here yet: no issuer of this installation says how its people sign in to the
            dashboard. Its setting <code>ISSUERS</code> has a place for that, <code>dashboard.client_id</code>
            .
          </p>
        ) : null}
        {start.error === null ? null : <Fault error={start.error} />}
        <p className={styles.small}>
          {is_sign_up_open
            ? 'Whoever signs in may have a project of their own.'
            : 'Projects are made by the operators of this installation.'}{' '}
          Your password stays with whoever signs you in, and this page keeps what it gets in memory only.
        </p>
      </div>
    </main>
  );
}
