import type { Refusal } from '@countersign/protocol/problem';
import { claimsSetting } from '../members/claims.ts';
import type { World } from '../turn/world.ts';
import type { Requirement } from './compiled-policy.ts';
import { whoCouldSatisfy } from './satisfiable.ts';

/** A refusal where no members of the tenant, with those that its identity provider may bring, could approve this. */
export function unsatisfiableIn(world: World, requirements: readonly Requirement[]): Refusal | undefined {
  const roster = world.roster().map(({ person, roles, approval_roles, status }) => ({
    person,
    roles,
    approvalRoles: approval_roles,
    status,
  }));
  const claimed = claimsSetting(world.row('settings', 'claims')).mappings.map(
    ({ roles, approval_roles }) => ({ roles, approvalRoles: approval_roles }),
  );
  return whoCouldSatisfy(requirements, roster, claimed);
}
