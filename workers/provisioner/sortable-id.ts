import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const CHANCE_LENGTH = 16;

/** 26 characters that sort by their age, and that nobody chooses. `now` is Unix milliseconds. */
export function sortableId(now: number): string {
  let time = '';
  for (let rest = now; time.length < TIME_LENGTH; rest = Math.floor(rest / ALPHABET.length)) {
    time = ALPHABET.charAt(rest % ALPHABET.length) + time;
  }
  // 256 is a multiple of 32, so every character is as likely as any other.
  const chance = [...randomBytes(CHANCE_LENGTH)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return time + chance.join('');
}
