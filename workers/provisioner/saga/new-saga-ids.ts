import { randomBytes } from 'node:crypto';
import type { NewSaga } from './saga.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const CHANCE_LENGTH = 16;
const NONCE_BYTES = 32;

/** Names that nobody chooses: the tenant's sorts by its age. `now` is Unix milliseconds. */
export function newSagaIds(now: number): Pick<NewSaga, 'saga_id' | 'tenant' | 'nonce'> {
  const id = sortableId(now);
  return { saga_id: `prv_${id}`, tenant: `prj_${id}`, nonce: randomBytes(NONCE_BYTES).toString('hex') };
}

function sortableId(now: number): string {
  let time = '';
  for (let rest = now; time.length < TIME_LENGTH; rest = Math.floor(rest / ALPHABET.length)) {
    time = ALPHABET.charAt(rest % ALPHABET.length) + time;
  }
  // 256 is a multiple of 32, so every character is as likely as any other.
  const chance = [...randomBytes(CHANCE_LENGTH)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return time + chance.join('');
}
