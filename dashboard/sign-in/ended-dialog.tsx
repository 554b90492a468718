import type { SignInSettings } from '@countersign/protocol/sign-in-settings';
import { useMutation } from '@tanstack/react-query';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Fault } from '../ui/fault.tsx';
import { signIn } from './session.ts';

/** The way back in after a sign-in has ended. What was not answered was not done. */
export function EndedDialog({ settings }: { readonly settings: SignInSettings }) {
  const start = useMutation({
    mutationFn: (issuer: SignInSettings['issuers'][number]) =>
      signIn(issuer, `${location.pathname}${location.search}`),
  });
  return (
    <Dialog title="Your sign-in has ended" isOpen>
      <p>
        What you had begun and got no answer to was not done. What you wrote is kept in this tab, and you come
        back to this page.
      </p>
      {settings.issuers.map((issuer) => (
        <Button
          key={issuer.issuer}
          look="main"
          disabled={start.isPending}
          onClick={() => start.mutate(issuer)}
        >
          Sign in again with {issuer.name}
        </Button>
      ))}
      {start.error === null ? null : <Fault error={start.error} />}
    </Dialog>
  );
}
