import type { InvitationView } from '@countersign/client/people-views';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable } from '../../forms/data-table.tsx';
import { MeantDialog } from '../../forms/meant-dialog.tsx';
import { type Secret, SecretDialog } from '../../forms/secret-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Button } from '../../ui/button.tsx';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { StateChip } from '../../ui/state-chip.tsx';
import { Foreign } from '../../ui/value.tsx';
import { When } from '../../ui/when.tsx';
import { Names } from '../names.tsx';
import { Section } from '../section.tsx';
import { useRefusal } from '../use-refusal.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { peopleKey, useInvitations } from './use-people.ts';

/** Codes by which people become members. */
export function InvitationsSection() {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  const client = useQueryClient();
  const { error, onMore, onRetry, rows } = useInvitations();
  const [isInviting, setInviting] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const [revoking, setRevoking] = useState<InvitationView | null>(null);
  const noInvite = useRefusal('invite', 'owners and admins');
  const noRevoke = useRefusal('revoke-invitation', 'owners and admins');
  const readAgain = () => void client.invalidateQueries({ queryKey: peopleKey(projectId) });
  return (
    <Section
      title="Invitations"
      about="A code makes one person a member, once. Whoever made it is refused as that person."
      actions={
        <Button look="main" refusedBecause={noInvite} onClick={() => setInviting(true)}>
          Invite
        </Button>
      }
    >
      {error === null ? null : <Fault error={error} onRetry={onRetry} />}
      {rows === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label="Invitations"
          rows={rows}
          keyOf={({ invitation_id }) => invitation_id}
          columns={[
            { title: 'For', of: ({ name }) => <Foreign text={name ?? ''} /> },
            {
              title: 'Roles',
              of: ({ approval_roles, roles }) => (
                <Names names={[...(roles ?? []), ...(approval_roles ?? [])]} none="none" />
              ),
            },
            { title: 'State', of: ({ status }) => <StateChip state={status ?? 'not known'} /> },
            {
              title: 'Counts until',
              of: ({ expires_at }) => (expires_at == null ? 'not known' : <When at={expires_at} />),
            },
          ]}
          actions={(invitation) =>
            invitation.status === 'open' ? (
              <Button isSmall look="danger" refusedBecause={noRevoke} onClick={() => setRevoking(invitation)}>
                Take back
              </Button>
            ) : null
          }
          empty="Nobody was invited. An invitation is a link that you send; whoever opens it signs in and is a member."
          onMore={onMore}
        />
      )}
      {isInviting ? (
        <InviteDialog
          onDone={(made) => {
            setInviting(false);
            setSecret(made);
            readAgain();
          }}
          onClose={() => setInviting(false)}
        />
      ) : null}
      {secret === null ? null : <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
      {revoking === null ? null : (
        <MeantDialog
          title="Take an invitation back"
          action="Take it back"
          onDo={({ idempotencyKey }) => people.revokeInvitation(revoking.invitation_id, { idempotencyKey })}
          onDone={() => {
            setRevoking(null);
            readAgain();
          }}
          onClose={() => setRevoking(null)}
        >
          <p>
            The link for <Foreign text={revoking.name ?? revoking.invitation_id} /> counts no more. Who is a
            member already stays one.
          </p>
        </MeantDialog>
      )}
    </Section>
  );
}
