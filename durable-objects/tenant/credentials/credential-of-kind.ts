import type { CredentialKind } from '@countersign/protocol/token';
import type { CredentialRow } from '../schema.ts';
import type { World } from '../turn/world.ts';

/** The credential with this id, if it is of the kind that the route is about. */
export function credentialOfKind(
  world: World,
  { kind, credentialId }: { readonly kind: CredentialKind; readonly credentialId: string },
): CredentialRow | undefined {
  const row = world.credential(credentialId);
  return row?.kind === kind ? row : undefined;
}
