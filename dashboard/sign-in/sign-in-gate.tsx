import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { openSession, signIn } from './session.ts';
import { readSignInSettings } from './settings.ts';
import { rememberSignedIn, wasSignedInAt } from './sign-in-memory.ts';
import { useSession } from './use-session.ts';

const SignInPage = lazy(() => import('./sign-in-page.tsx').then(({ SignInPage: it }) => ({ default: it })));
const EndedDialog = lazy(() => import('./ended-dialog.tsx').then(({ EndedDialog: it }) => ({ default: it })));

/** Shows pages to those who have signed in; what is on the screen stays there when a sign-in ends. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const settings = useQuery({
    queryKey: ['sign-in-settings'],
    queryFn: ({ signal }) => readSignInSettings(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data, error } = settings;
  const isOpen = data !== undefined && data.warning !== null;
  const last = data?.issuers.find(({ issuer }) => issuer === wasSignedInAt());
  const isReturning = session.kind === 'signed-out' && last !== undefined;
  useEffect(() => {
    if (isOpen) openSession();
  }, [isOpen]);
  useEffect(() => {
    if (!isReturning || last === undefined) return;
    // Once: an issuer that wants a password again is not to be gone back to for ever.
    rememberSignedIn(null);
    signIn(last, addressNow()).catch(() => location.reload());
  }, [isReturning, last]);

  if (error !== null) return <Fault error={error} onRetry={() => void settings.refetch()} />;
  if (data === undefined || isReturning || (isOpen && session.kind !== 'open')) return <PageWait />;
  if (session.kind === 'signed-out') {
    return (
      <Suspense fallback={<PageWait />}>
        <SignInPage settings={data} returnTo={addressNow()} />
      </Suspense>
    );
  }
  return (
    <>
      {children}
      <Suspense>{session.kind === 'ended' ? <EndedDialog settings={data} /> : null}</Suspense>
    </>
  );
}

function addressNow(): string {
  return `${location.pathname}${location.search}`;
}
