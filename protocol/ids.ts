import { createHash } from 'node:crypto';

/**
 * Ids that we mint are `<prefix>_` and 26 characters of Crockford base32: 48 bits of time in milliseconds,
 * 42 bits of the tenant's ledger sequence, 40 bits of a tag of the tenant. So they sort by age, differ between
 * tenants, need no randomness, and say where their row lies (the sequence is the row's key).
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const SEQUENCE_LENGTH = 8;
const TAG_LENGTH = 8;
const BODY_LENGTH = TIME_LENGTH + SEQUENCE_LENGTH + TAG_LENGTH;

export type IdPrefix = 'wrp' | 'lse' | 'run' | 'act' | 'clm' | 'stp' | 'tcl' | 'frz' | 'evt' | 'exp';

export interface IdParts {
  /** Unix milliseconds. */
  readonly at: number;
  /** The ledger sequence of the entry that created the subject. */
  readonly seq: number;
  readonly tenant: string;
}

export function mintId(prefix: IdPrefix, { at, seq, tenant }: IdParts): string {
  return `${prefix}_${base32(at, TIME_LENGTH)}${base32(seq, SEQUENCE_LENGTH)}${tenantTag(tenant)}`;
}

/** The ledger sequence inside an id that `mintId` made for this tenant; undefined for any other text. */
export function sequenceOfId(prefix: IdPrefix, id: string, tenant: string): number | undefined {
  const body = id.slice(prefix.length + 1);
  if (!id.startsWith(`${prefix}_`) || body.length !== BODY_LENGTH) return undefined;
  if (body.slice(TIME_LENGTH + SEQUENCE_LENGTH) !== tenantTag(tenant)) return undefined;
  let seq = 0;
  for (const character of body.slice(TIME_LENGTH, TIME_LENGTH + SEQUENCE_LENGTH)) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    seq = seq * ALPHABET.length + digit;
  }
  return seq;
}

/** Existing clients find the proposal of a job by this suffix (PROTOCOL 3.4). */
export function jobIdOf(proposalId: string): string {
  return `wbj_${proposalId}`;
}

/** The proposal whose job this is; undefined for a text that is no job id. */
export function proposalIdOfJob(jobId: string): string | undefined {
  return jobId.startsWith('wbj_') && jobId.length > 4 ? jobId.slice(4) : undefined;
}

function base32(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let place = 0; place < length; place += 1) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}

const tags = new Map<string, string>();
const MOST_TAGS_REMEMBERED = 1_000;

function tenantTag(tenant: string): string {
  const known = tags.get(tenant);
  if (known !== undefined) return known;
  if (tags.size >= MOST_TAGS_REMEMBERED) tags.clear();
  const hash = createHash('sha256').update(`countersign tenant ${tenant}`).digest();
  const tag = base32(hash.readUIntBE(0, 5), TAG_LENGTH);
  tags.set(tenant, tag);
  return tag;
}
