import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { invitationSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { invitationView } from './member-view.ts';
import { inOrder, refusalOfRoles } from './role-bounds.ts';

/** Offers membership to whoever brings the code. The gateway made the code and shows it once; here is its digest. */
export function invite(
  world: World,
  { minted, request }: AskOf<'invite'>,
  identity: Identity,
  now: number,
): Outcome {
  const given = { roles: request.roles, approvalRoles: request.approval_roles };
  const refusal = refusalOfRoles(given, identity);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  if (world.row('invitations', minted.id) !== undefined) {
    return unchanged(refuse('unavailable', 'the code could not be made; nothing was changed'));
  }
  const body = {
    invitation_id: minted.id,
    digest: minted.digest,
    name: request.name,
    ...inOrder(given),
    expires_at: now + request.expires_in_seconds * 1_000,
    invited_by: identity.actor.id,
  };
  const view = invitationView({ ...body, status: 'open', created_at: now }, now);
  const subject = invitationSubject(minted.id);
  return {
    reply: answer({ ok: true, invitation_id: minted.id, invitation: view, secret_available: true }, 201),
    entries: [{ type: 'invitation.created', actor: identity.actor, subject, body }],
  };
}
