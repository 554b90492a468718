import type { Refusal } from '@countersign/protocol/problem';
import { servicePermissions } from '@countersign/protocol/service-scopes';
import type { CredentialKind } from '@countersign/protocol/token';
import { agentPermissions, runnerPermissions } from '../access/permissions.ts';
import type { Wanted } from './credential-asks.ts';
import { roleOf } from './credential-view.ts';

/** All that a credential of a kind can ever hold. */
const closed: Readonly<Record<CredentialKind, readonly string[]>> = {
  runner: runnerPermissions,
  service: servicePermissions,
  agent: agentPermissions,
};

/** What the credential will hold: a snapshot, which later changes of the lists do not widen. */
export function permissionsOf(kind: CredentialKind, { permissions }: Pick<Wanted, 'permissions'>) {
  return closed[kind].filter((one) => permissions === null || permissions.includes(one));
}

/** Why a credential of this kind cannot hold what is wanted. */
export function refusalOfScopes(kind: CredentialKind, wanted: Wanted): Refusal | undefined {
  const unknown = wanted.permissions?.find((one) => !closed[kind].includes(one));
  if (unknown !== undefined) {
    return invalid(
      `a token of kind ${kind} cannot hold ${unknown}`,
      `it can hold ${closed[kind].join(', ')}`,
    );
  }
  if (kind !== 'service') return undefined;
  const scopes = wanted.permissions ?? [];
  if (wanted.role === 'readonly' && roleOf(scopes) === 'developer') {
    return invalid('a readonly key has no scope that changes anything', 'ask for the role developer');
  }
  const proposes = scopes.includes('proposals:write');
  if (proposes && wanted.sources.length === 0) {
    return invalid('a key that proposes names its sources', 'add source_ids');
  }
  if (!proposes && wanted.sources.length > 0) {
    return invalid('only a key with proposals:write has sources', 'leave source_ids away');
  }
  return undefined;
}

function invalid(message: string, next: string): Refusal {
  return { code: 'validation_failed', message, next };
}
