import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import { SET_UP } from '../access/permissions.ts';
import type { MemberRow } from '../schema.ts';
import type { World } from '../turn/world.ts';

/** Whether somebody owns the project. */
export function isOwned(world: World): boolean {
  return world.roster().some(isActiveOwner);
}

export function isActiveOwner({ roles, status }: Pick<MemberRow, 'roles' | 'status'>): boolean {
  return status === 'active' && roles.includes('owner');
}

/** Whether this is the first account, which stands in for the owners until there is one. */
export function setsUp(identity: Identity): boolean {
  return identity.kind === 'service' && identity.permissions.includes(SET_UP);
}

/**
 * Why a machine does not say any more who belongs to the project: with its first owner the setting up is over, and
 * what is left of that token opens nothing.
 */
export function refusalOfSetUp(world: World, identity: Identity): Refusal | undefined {
  if (identity.kind !== 'service' || !isOwned(world)) return undefined;
  return {
    code: 'set_up_over',
    message: 'the project has an owner: people say who belongs to it, and no machine does',
    next: 'an owner or admin can do this',
  };
}
