import type { ChainEntry } from './export-line.ts';
import { genesisHash } from './ledger.ts';

export const exportFaultCodes = [
  'edited',
  'dropped',
  'inserted',
  'reordered',
  'truncated',
  'manifest_altered',
  'foreign',
  'malformed',
] as const;
export type ExportFaultCode = (typeof exportFaultCodes)[number];

/** Where an export stops to be what was exported. `seq` is of the entry there, where there is one. */
export interface ExportFault {
  /** From 1. */
  readonly line: number;
  readonly seq: number | null;
  readonly code: ExportFaultCode;
  readonly message: string;
}

/** How an entry stands to the one before it in a chain. */
type Link =
  | { readonly kind: 'next' }
  /** Those between, from `missing` on, are not there. */
  | { readonly kind: 'gap'; readonly missing: number }
  /** It has a place that is taken already, or is none of this chain. */
  | { readonly kind: 'extra' }
  /** It has the right place and was made after another entry than the one before it. */
  | { readonly kind: 'other' };

/** Says how an entry follows another; undefined: it is the first. */
type LinkRule = (entry: ChainEntry, previous: ChainEntry | undefined) => Link;

interface Break {
  readonly line: number;
  readonly entry: ChainEntry;
  readonly previous: ChainEntry | undefined;
  readonly link: Exclude<Link, { kind: 'next' }>;
  /** What came after it, as far as it tells what was done. */
  isMissingLater: boolean;
  isThereAgain: boolean;
  /** Whether the next entry follows the one before the break, undefined while there is no next. */
  isPassedOver: boolean | undefined;
}

/**
 * Follows one of the two chains through an export, in memory that does not grow. After the first break it goes on only
 * to learn what was done: an entry that is missing and comes later was moved.
 */
export class ChainWalk {
  readonly #rule: LinkRule;
  #previous: ChainEntry | undefined;
  #break: Break | undefined;

  constructor(rule: LinkRule) {
    this.#rule = rule;
  }

  get brokenAt(): number | undefined {
    return this.#break?.line;
  }

  step(entry: ChainEntry, line: number): void {
    if (this.#break !== undefined) {
      this.#learn(this.#break, entry);
      return;
    }
    const link = this.#rule(entry, this.#previous);
    if (link.kind === 'next') {
      this.#previous = entry;
      return;
    }
    this.#break = {
      line,
      entry,
      previous: this.#previous,
      link,
      isMissingLater: false,
      isThereAgain: false,
      isPassedOver: undefined,
    };
  }

  #learn(broken: Break, entry: ChainEntry): void {
    if (broken.link.kind === 'gap' && entry.seq === broken.link.missing) broken.isMissingLater = true;
    if (entry.seq === broken.entry.seq) broken.isThereAgain = true;
    broken.isPassedOver ??= this.#rule(entry, broken.previous).kind === 'next';
  }

  /** What was done at the break; undefined where there is none. */
  get fault(): ExportFault | undefined {
    return this.#break === undefined ? undefined : faultOf(this.#break);
  }
}

function faultOf(broken: Break): ExportFault {
  const { line, entry, link } = broken;
  const at = { line, seq: entry.seq };
  switch (link.kind) {
    case 'extra':
      return { ...at, code: 'inserted', message: `entry ${entry.seq} does not belong here` };
    case 'other':
      return broken.isPassedOver === true
        ? { ...at, code: 'inserted', message: `entry ${entry.seq} was put in between` }
        : {
            ...at,
            code: 'edited',
            message: `entry ${entry.seq} was made after another entry than this one`,
          };
    case 'gap':
      return { ...at, ...gapFault(broken, link.missing) };
  }
}

function gapFault({ entry, isMissingLater, isThereAgain }: Break, missing: number) {
  if (isThereAgain) return { code: 'inserted', message: `entry ${entry.seq} is there twice` } as const;
  if (isMissingLater) return { code: 'reordered', message: `entry ${missing} comes later` } as const;
  return { code: 'dropped', message: `entry ${missing} is missing before entry ${entry.seq}` } as const;
}

/** The chain of a tenant: every entry, from the first one on. */
export function tenantLink(entry: ChainEntry, previous: ChainEntry | undefined): Link {
  const expected = (previous?.seq ?? 0) + 1;
  if (entry.seq < expected) return { kind: 'extra' };
  if (entry.seq > expected) return { kind: 'gap', missing: expected };
  return { kind: entry.prev_hash === (previous?.hash ?? genesisHash(entry.tenant)) ? 'next' : 'other' };
}

/** The chain of a subject: every entry about it, from its first one on. */
export function subjectLink(entry: ChainEntry, previous: ChainEntry | undefined): Link {
  const { prev_subject_hash, prev_subject_seq, seq, subject } = entry;
  if (previous !== undefined && (subject !== previous.subject || seq <= previous.seq))
    return { kind: 'extra' };
  const expected = previous?.seq ?? null;
  if (prev_subject_seq === expected)
    return { kind: prev_subject_hash === (previous?.hash ?? null) ? 'next' : 'other' };
  // It leaves the one before it out: that one was put in between.
  if (prev_subject_seq === null || prev_subject_seq < (expected ?? 0)) return { kind: 'extra' };
  return { kind: 'gap', missing: prev_subject_seq };
}
