import type { Refusal } from '@countersign/protocol/problem';
import { roles as knownRoles } from '@countersign/protocol/roles';
import type { Identity } from '../access/identity.ts';
import { askNames } from '../access/permissions.ts';
import { isActiveOwner, setsUp } from '../bootstrap/set-up.ts';
import { wouldLockOut } from '../policies/lock-out.ts';
import { compilePermissionRules } from '../policies/permission-rules.ts';
import type { MemberRow } from '../schema.ts';
import type { World } from '../turn/world.ts';

/** What a member is given. */
export interface Given {
  readonly roles: readonly string[];
  readonly approvalRoles: readonly string[];
}

/** In the order of the list of roles, so that the same roles are the same text. */
export function inOrder({ roles, approvalRoles }: Given) {
  return {
    roles: knownRoles.filter((role) => roles.includes(role)),
    approval_roles: approvalRoles.toSorted(),
  };
}

/** Why these roles may not be given by this caller. Only owners make owners, and who sets up makes the first. */
export function refusalOfRoles({ roles }: Pick<Given, 'roles'>, identity: Identity): Refusal | undefined {
  const unknown = roles.find((role) => !knownRoles.some((one) => one === role));
  if (unknown !== undefined) {
    return {
      code: 'validation_failed',
      message: `$.roles: there is no role ${unknown}`,
      next: `roles are ${knownRoles.join(', ')}`,
    };
  }
  if (!roles.includes('owner') || isOwner(identity) || setsUp(identity)) return undefined;
  return forbidden('only an owner makes owners');
}

/** Why this member's roles are not this person's to change. */
export function refusalOfTarget(member: MemberRow, identity: Identity): Refusal | undefined {
  if (!member.roles.includes('owner') || isOwner(identity)) return undefined;
  return forbidden('only an owner changes what an owner is');
}

/**
 * Named approval roles are how others bound what one person can let through, so nobody takes one for themselves,
 * owners included.
 */
export function refusalOfRaise(member: MemberRow, wanted: Given, identity: Identity): Refusal | undefined {
  if (identity.actor.id !== member.person) return undefined;
  const added = wanted.approvalRoles.find((role) => !member.approval_roles.includes(role));
  if (added === undefined) return undefined;
  return forbidden(`nobody gives themselves the approval role ${added}`);
}

/**
 * Why the project would be nobody's, or no owner could change its rules any more, once this owner is what `after`
 * says; undefined there is no member at all.
 */
export function refusalOfLastOwner(
  world: World,
  member: MemberRow,
  after: MemberRow | undefined,
  now: number,
): Refusal | undefined {
  if (!member.roles.includes('owner')) return undefined;
  const others = world.roster().filter(({ person }) => person !== member.person);
  const owners = [...others, ...(after === undefined ? [] : [after])].filter(isActiveOwner);
  if (owners.length === 0) {
    return {
      code: 'last_owner',
      message: 'the project would have no owner left',
      next: 'make somebody else an owner first',
    };
  }
  const { enforced, rules } = world.permissionRules();
  if (!enforced) return undefined;
  const compiled = compilePermissionRules(rules, askNames());
  if (!compiled.ok) return undefined;
  const who = owners.map(({ person, name, roles, approval_roles }) => ({
    kind: 'person',
    id: person,
    name,
    roles,
    approval_roles,
  }));
  return wouldLockOut(compiled.rules, who, now);
}

export function isOwner(identity: Identity): boolean {
  return identity.kind === 'person' && identity.roles.includes('owner');
}

function forbidden(message: string): Refusal {
  return { code: 'forbidden', message, next: 'ask an owner' };
}
