import { ApiError } from '@countersign/client/api-error';
import { joinedSchema } from '@countersign/client/people-views';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useIntent } from '../forms/use-intent.ts';
import { useProjectApis } from '../plane/project-apis.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';
import { forgetCode, keptCode } from './join-code.ts';
import styles from './join-page.module.css';

const route = getRouteApi('/gate/join/$project');

/** Where an invitation leads: to open it does nothing, only the button does. */
export function JoinPage() {
  const { project } = route.useParams();
  const { people } = useProjectApis(project);
  const keyOf = useIntent();
  const [code] = useState(() => keptCode(project));
  const joining = useMutation({
    mutationFn: async () =>
      joinedSchema.parse(await people.acceptInvitation(code ?? '', { idempotencyKey: keyOf(code) })),
    onSuccess: () => forgetCode(project),
  });
  const isMember = joining.error instanceof ApiError && joining.error.code === 'already_member';
  const member = joining.data?.member;
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Mark size={32} />
        <h1>You are invited to a project</h1>
        <p>
          <code>
            <Foreign text={project} />
          </code>
        </p>
        {code === null ? (
          <Notice
            tone="warn"
            title="This link has no code, or it was used in this tab."
            next="Open the whole link that you were sent, with what stands behind #."
          />
        ) : joining.isSuccess ? (
          <div role="status">
            <Notice
              tone="good"
              title={
                <>
                  You are a member now, as <Foreign text={member?.name ?? 'yourself'} />:{' '}
                  <Foreign text={[...(member?.roles ?? []), ...(member?.approval_roles ?? [])].join(', ')} />.
                </>
              }
            />
          </div>
        ) : (
          <>
            <p>
              Whoever you are signed in as becomes the member. The invitation counts once, and the project's
              ledger names you from then on.
            </p>
            {joining.error === null ? null : <Fault error={joining.error} />}
            <div>
              <Button look="main" disabled={joining.isPending} onClick={() => joining.mutate()}>
                Become a member
              </Button>
            </div>
          </>
        )}
        {joining.isSuccess || isMember ? (
          <p>
            <Link to="/t/$project" params={{ project }}>
              Open the project
            </Link>
          </p>
        ) : null}
      </div>
    </main>
  );
}
