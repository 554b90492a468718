import { createHmac } from 'node:crypto';
import { macKeyId } from '@countersign/protocol/mac-key-id';
import { mintTokenWith } from '@countersign/protocol/token';
import type { Saga } from './saga/saga.ts';

/**
 * The token of a tenant's hosted runner. Its secret part is made of the seed and the provisioning, so a step that is
 * repeated gives the same one, and it is kept nowhere but at the hosting provider. It is made with the key that the
 * provisioning began with, whichever is the newest now. Throws `RangeError` where that key is gone.
 */
export function hostedToken(
  { found, nonce, tenant }: Pick<Saga, 'found' | 'nonce' | 'tenant'>,
  credentialId: string,
  macKeys: readonly string[],
  seed: string,
): string {
  const macKey = macKeys.find((key) => found.macKey === undefined || macKeyId(key) === found.macKey);
  if (macKey === undefined) throw new RangeError(`there is no key ${found.macKey} any more`);
  const secret = createHmac('sha256', seed).update(`hosted runner ${tenant} ${nonce}`).digest();
  return mintTokenWith(secret, 'run', tenant, credentialId, macKey);
}
