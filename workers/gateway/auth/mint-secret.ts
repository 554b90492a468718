import { createHash, randomBytes } from 'node:crypto';
import type { Minted } from '@countersign/durable-objects/tenant/credentials/credential-asks';
import { mintTicket } from '@countersign/protocol/live-ticket';
import { macKeyId } from '@countersign/protocol/mac-key-id';
import { mintToken, type TokenMark, tokenDigest } from '@countersign/protocol/token';

/** What a request can make that is shown once: one of our tokens, the code of an invitation, or a ticket of the live feed. */
export type SecretKind = TokenMark | 'inv' | 'liv';

/** A new secret. The tenant gets its id and digest; whoever asked gets the text, in this field of the answer. */
export interface Secret extends Minted {
  readonly text: string;
  readonly field: 'runner_token' | 'token' | 'agent_token' | 'code' | 'ticket';
}

const fields = { run: 'runner_token', svc: 'token', agt: 'agent_token' } as const;
const prefixes = { run: 'rnt', svc: 'ak', agt: 'agt' } as const;
const CODE_BYTES = 32;

/** Nobody chooses the id: it says when it was made (Unix milliseconds), and the rest is chance. */
export function mintSecret(kind: SecretKind, tenant: string, macKey: string, now: number): Secret {
  if (kind === 'inv') {
    const text = `syn_inv_${randomBytes(CODE_BYTES).toString('base64url')}`;
    return { text, field: 'code', ...offeredCode(text) };
  }
  if (kind === 'liv') {
    const text = mintTicket(tenant, macKey);
    return { text, field: 'ticket', id: `tkt_${sortableId(now)}`, digest: tokenDigest(text) };
  }
  const id = `${prefixes[kind]}_${sortableId(now)}`;
  const text = mintToken(kind, tenant, id, macKey);
  return { id, digest: tokenDigest(text), macKey: macKeyId(macKey), text, field: fields[kind] };
}

/** Which invitation a code would be of. The id is made of the code, so that the one is found by the other. */
export function offeredCode(text: string): Minted {
  const hash = createHash('sha256').update(`countersign invitation ${text}`).digest('hex');
  return { id: `inv_${hash.slice(0, 26)}`, digest: tokenDigest(text) };
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const CHANCE_LENGTH = 16;

function sortableId(now: number): string {
  let time = '';
  for (let rest = now; time.length < TIME_LENGTH; rest = Math.floor(rest / ALPHABET.length)) {
    time = ALPHABET.charAt(rest % ALPHABET.length) + time;
  }
  // 256 is a multiple of 32, so every character is as likely as any other.
  const chance = [...randomBytes(CHANCE_LENGTH)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return time + chance.join('');
}
