import { hash as hashAtOnce } from 'node:crypto';
import { entryHash, type LedgerEntry } from './ledger.ts';

/** What the chains need of an entry. */
export type ChainEntry = Pick<
  LedgerEntry,
  'hash' | 'prev_hash' | 'prev_subject_hash' | 'prev_subject_seq' | 'seq' | 'subject' | 'tenant'
>;

export interface ReadLine {
  readonly entry: ChainEntry;
  /** Whether the entry is as it was hashed. */
  readonly isSealed: boolean;
}

/** The end of an entry's canonical JSON, from its hash on. Texts with escapes are left to the parser. */
const END =
  /,"hash":"(sha256:[0-9a-f]{64})"(,"prev_hash":"([^"\\]*)","prev_subject_hash":(?:null|"([^"\\]*)"),"prev_subject_seq":(?:null|(\d{1,15})),"seq":(\d{1,15}),"subject":"([^"\\]*)","tenant":"([^"\\]*)","type":"[^"\\]*"\})$/y;

/**
 * Reads a line of an export; undefined for one that holds no entry. What is hashed is the text: a line that is
 * canonical, as all that are exported, is hashed as it stands, without its member `hash`, and not parsed, which would
 * cost several times what the hash costs. Any other is parsed and made canonical.
 */
export function readEntryLine(line: string): ReadLine | undefined {
  return readCanonical(line) ?? readAny(line);
}

/**
 * The last `,"hash":"` of a canonical line is the entry's own: only texts and numbers follow that member, and within a
 * text the quotes would be escaped.
 */
function readCanonical(line: string): ReadLine | undefined {
  const start = line.lastIndexOf(',"hash":"');
  if (start < 0 || !line.startsWith('{"actor":')) return undefined;
  END.lastIndex = start;
  const match = END.exec(line);
  if (match === null) return undefined;
  const [, hash = '', rest = '', prevHash = '', subjectHash, subjectSeq, seq, subject = '', tenant = ''] =
    match;
  if (hash !== textHash(line.slice(0, start), rest)) return undefined;
  const entry = {
    hash,
    prev_hash: prevHash,
    prev_subject_hash: subjectHash ?? null,
    prev_subject_seq: subjectSeq === undefined ? null : Number(subjectSeq),
    seq: Number(seq),
    subject,
    tenant,
  };
  return { entry, isSealed: true };
}

function textHash(before: string, after: string): string {
  return `sha256:${hashAtOnce('sha256', before + after, 'hex')}`;
}

function readAny(line: string): ReadLine | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? { entry, isSealed: entryHash(entry) === entry.hash } : undefined;
  } catch {
    // No JSON, or none that has a canonical form: numbers beyond all bounds, nesting without end.
    return undefined;
  }
}

const MEMBERS = 11;

/** Types of entries and kinds of actors that this release does not know are let through: a newer one made them. */
function isEntry(value: unknown): value is LedgerEntry {
  if (!isObject(value)) return false;
  const {
    actor,
    at,
    body,
    hash,
    prev_hash,
    prev_subject_hash,
    prev_subject_seq,
    seq,
    subject,
    tenant,
    type,
  } = value;
  return (
    Object.keys(value).length === MEMBERS &&
    isObject(actor) &&
    isObject(body) &&
    isSequence(seq) &&
    (prev_subject_seq === null || isSequence(prev_subject_seq)) &&
    (prev_subject_hash === null || typeof prev_subject_hash === 'string') &&
    [at, hash, prev_hash, subject, tenant, type].every((text) => typeof text === 'string')
  );
}

function isSequence(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
