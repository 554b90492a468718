import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { memberSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { memberView } from './member-view.ts';
import {
  inOrder,
  refusalOfLastOwner,
  refusalOfRaise,
  refusalOfRoles,
  refusalOfTarget,
} from './role-bounds.ts';

/** Gives a member exactly these roles; they hold at the next request. The same again is an answer and no entry. */
export function setRoles(world: World, ask: AskOf<'set-roles'>, identity: Identity, now: number): Outcome {
  const { person } = ask;
  const member = world.member(person);
  if (member === undefined || member.status !== 'active') {
    return unchanged(refuse('member_not_found', 'there is no such member'));
  }
  const given = inOrder(ask);
  const refusal =
    refusalOfRoles(ask, identity) ??
    refusalOfTarget(member, identity) ??
    refusalOfRaise(member, ask, identity) ??
    refusalOfLastOwner(world, member, { ...member, ...given }, now);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const reply = answer({ ok: true, member: memberView({ ...member, ...given }) });
  if (isSame(member.roles, given.roles) && isSame(member.approval_roles, given.approval_roles)) {
    return unchanged(reply);
  }
  const body = { person, name: member.name, ...given };
  return {
    reply,
    entries: [{ type: 'member.roles_changed', actor: identity.actor, subject: memberSubject(person), body }],
  };
}

function isSame(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((one) => after.includes(one));
}
