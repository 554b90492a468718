import { timingSafeEqual } from 'node:crypto';
import { endedBecause } from '../access/credential-state.ts';
import type { Identity } from '../access/identity.ts';
import { SET_UP } from '../access/permissions.ts';
import { isOwned } from '../bootstrap/set-up.ts';
import type { InvitationRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { invitationSubject, memberSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { memberView } from './member-view.ts';

/**
 * A signed-in person who is no member becomes one. A wrong code, one that was used, taken back or has expired, one of
 * somebody who may no longer give what it gives, and one's own are one and the same refusal.
 */
export function acceptInvitation(
  world: World,
  { offered }: AskOf<'accept-invitation'>,
  { actor }: Identity,
  now: number,
): Outcome {
  if (world.member(actor.id)?.status === 'active') {
    return unchanged(refuse('already_member', 'you are a member of this project already'));
  }
  const row = world.row('invitations', offered.id);
  if (row === undefined || !isGood(world, row, { digest: offered.digest, taker: actor.id, now })) {
    return unchanged(refuse('invitation_not_found', 'there is no such invitation, or it counts no more'));
  }
  const { invitation_id, name, roles, approval_roles } = row;
  const member = { person: actor.id, name, roles, approval_roles };
  return {
    reply: answer({
      ok: true,
      project_id: world.tenant,
      member: memberView({ tenant: world.tenant, ...member, status: 'active', tip_seq: 0, tip_hash: '' }),
    }),
    entries: [
      {
        type: 'invitation.accepted',
        actor,
        subject: invitationSubject(invitation_id),
        body: { invitation_id },
      },
      { type: 'member.added', actor, subject: memberSubject(actor.id), body: member },
    ],
  };
}

interface Offer {
  readonly digest: string;
  readonly taker: string;
  readonly now: number;
}

function isGood(world: World, row: InvitationRow, { digest, taker, now }: Offer): boolean {
  const [kept, given] = [Buffer.from(row.digest), Buffer.from(digest)];
  const isSame = kept.length === given.length && timingSafeEqual(kept, given);
  return isSame && row.status === 'open' && row.expires_at > now && isStillOffered(world, row, taker, now);
}

/** Whoever was removed, or is less than they were, leaves no doors behind. */
function isStillOffered(world: World, row: InvitationRow, taker: string, now: number): boolean {
  // While an invitation is open, the newest entry about it is the one that made it.
  const made = world.body(row.tip_seq);
  if (made === undefined || !('invited_by' in made)) return false;
  // A member by a claim would give themselves what only others can give.
  if (made.invited_by === taker) return false;
  if (isOfMachine(made.invited_by)) return isStillSettingUp(world, made.invited_by, now);
  const inviter = world.member(made.invited_by);
  // A member by a claim has no row; what it says now only the next token tells.
  if (inviter === undefined) return !row.roles.includes('owner');
  const giving = row.roles.includes('owner') ? ['owner'] : ['owner', 'admin'];
  return inviter.status === 'active' && inviter.roles.some((role) => giving.includes(role));
}

/** A person is an issuer and a subject with a blank between, which no credential's id has. */
function isOfMachine(inviter: string): boolean {
  return !inviter.includes(' ');
}

/** What the first account offered counts until somebody owns the project: it leaves no doors behind either. */
function isStillSettingUp(world: World, inviter: string, now: number): boolean {
  const credential = world.credential(inviter);
  if (credential === undefined || endedBecause(credential, now) !== undefined) return false;
  return credential.permissions.includes(SET_UP) && !isOwned(world);
}
