import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { invitationSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { invitationView } from './member-view.ts';

/** Takes an offer back. Again is an answer and no entry; one that was accepted is a membership to be removed. */
export function revokeInvitation(
  world: World,
  { invitationId }: AskOf<'revoke-invitation'>,
  identity: Identity,
  now: number,
): Outcome {
  const row = world.row('invitations', invitationId);
  if (row === undefined) return unchanged(refuse('invitation_not_found', 'there is no such invitation'));
  if (row.status === 'accepted') {
    return unchanged(
      refuse('invitation_not_found', 'the invitation has been accepted', 'remove the member instead'),
    );
  }
  const reply = answer({ ok: true, invitation: invitationView({ ...row, status: 'revoked' }, now) });
  if (row.status === 'revoked') return unchanged(reply);
  const subject = invitationSubject(invitationId);
  const body = { invitation_id: invitationId };
  return { reply, entries: [{ type: 'invitation.revoked', actor: identity.actor, subject, body }] };
}
