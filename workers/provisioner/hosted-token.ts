import { createHmac } from 'node:crypto';
import { mintTokenWith } from '@countersign/protocol/token';
import type { Saga } from './saga/saga.ts';

/**
 * The token of a tenant's hosted runner. Its secret part is made of the seed and the provisioning, so a step that is
 * repeated gives the same one, and it is kept nowhere but at the hosting provider.
 */
export function hostedToken(
  { nonce, tenant }: Pick<Saga, 'nonce' | 'tenant'>,
  credentialId: string,
  macKey: string,
  seed: string,
): string {
  const secret = createHmac('sha256', seed).update(`hosted runner ${tenant} ${nonce}`).digest();
  return mintTokenWith(secret, 'run', tenant, credentialId, macKey);
}
