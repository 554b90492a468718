import type { MemberBounds } from '@countersign/protocol/backup/carried-losses';
import { type Role, roles } from '@countersign/protocol/roles';
import { permissions } from '../access/permissions.ts';

/** What somebody is at most who was `before` and is bound by `bounds`: nobody gains, and whoever was lowered stays so. */
export function rolesWithin(before: MemberBounds, bounds: MemberBounds): MemberBounds {
  const kept: Role[] = roles.filter((role) => before.roles.includes(role) && bounds.roles.includes(role));
  for (const role of roles) {
    const isLess = [before.roles, bounds.roles].every((held) => isCovered(role, held));
    if (isLess && !isCovered(role, kept)) kept.push(role);
  }
  return {
    roles: roles.filter((role) => kept.includes(role)),
    approval_roles: before.approval_roles.filter((role) => bounds.approval_roles.includes(role)),
  };
}

/** Whether a role lets nobody ask anything that these do not. What an owner is, nothing else makes up for. */
function isCovered(role: Role, held: readonly string[]): boolean {
  if (held.includes(role)) return true;
  return (
    role !== 'owner' &&
    Object.values(permissions).every(
      ({ person = [] }) => !person.includes(role) || person.some((one) => held.includes(one)),
    )
  );
}
