import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { safeReturn } from './return-address.ts';
import { takeSignIn } from './session.ts';

let taken: Promise<string> | undefined;

/** Where the issuer sends people back to: takes what it gave, and goes on to where they were. */
export function SignedInPage() {
  const navigate = useNavigate();
  const { data, error } = useQuery({
    queryKey: ['signed-in'],
    queryFn: () => {
      // A code is good for one exchange.
      taken ??= takeSignIn(new URL(location.href));
      return taken;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (data !== undefined) void navigate({ href: safeReturn(data), replace: true });
  }, [data, navigate]);
  if (error === null) return <PageWait />;
  return (
    <main>
      <Fault error={error} />
      <p>
        <a href="/">Begin again</a>
      </p>
    </main>
  );
}
