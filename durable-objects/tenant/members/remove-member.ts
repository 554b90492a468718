import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { memberSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { refusalOfLastOwner, refusalOfTarget } from './role-bounds.ts';

/**
 * Ends a membership, at the next request. It also stands against what an identity provider says: somebody who is a
 * member only by a claim is removed the same way, and stays so until invited again.
 */
export function removeMember(
  world: World,
  { person, reason }: AskOf<'remove-member'>,
  identity: Identity,
  now: number,
): Outcome {
  const member = world.member(person);
  const isMember = member === undefined ? mayBeByClaim(world, person) : member.status === 'active';
  if (!isMember) return unchanged(refuse('member_not_found', 'there is no such member'));
  const refusal =
    member === undefined
      ? undefined
      : (refusalOfTarget(member, identity) ?? refusalOfLastOwner(world, member, undefined, now));
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const subject = memberSubject(person);
  return {
    reply: answer({ ok: true, person, status: 'removed' }),
    entries: [{ type: 'member.removed', actor: identity.actor, subject, body: { person, reason } }],
  };
}

function mayBeByClaim(world: World, person: string): boolean {
  const [issuer] = person.split(' ', 1);
  return world.claims().mappings.some((mapping) => mapping.issuer === issuer);
}
