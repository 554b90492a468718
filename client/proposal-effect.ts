import type { ProposalDetail } from './proposal-detail.ts';

type Row = Readonly<Record<string, unknown>>;

export interface ColumnChange {
  readonly column: string;
  /** Undefined: not known. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Where the row came out of the rehearsal otherwise than the proposal says. */
export interface Difference {
  readonly column: string;
  /** What the rehearsal gave; undefined where it left the column out. */
  readonly given: unknown;
  /** What the proposal says. */
  readonly expected: unknown;
  /** Whether the proposal writes the column, or only says how it is. */
  readonly isWritten: boolean;
}

/** A column that is not as it was when the change was proposed. */
export interface Drift {
  readonly column: string;
  /** As the last look found it; undefined where that is not known. */
  readonly now: unknown;
}

/** What a proposal would do to the row. */
export interface ProposalEffect {
  readonly changes: readonly ColumnChange[];
  readonly unchanged: readonly { readonly column: string; readonly value: unknown }[];
  /** Whether anybody has looked at the row yet. */
  readonly isSeen: boolean;
  readonly differences: readonly Difference[];
  readonly drift: readonly Drift[];
}

/**
 * The effect of a proposal column by column: what it writes, which is what an approval binds. A rehearsal comes from
 * outside, so it is never shown in the place of that; where it gave something else, that is a difference of its own.
 */
export function effectOf({ change_set, patch: requested, rehearsal }: ProposalDetail): ProposalEffect {
  const patch = change_set?.patch ?? requested ?? {};
  const before = (change_set == null ? rehearsal?.before : change_set.before) ?? {};
  const after = { ...(change_set?.after ?? before), ...patch };
  const changes = changesOf(before, after, patch);
  const unchanged = Object.keys(before).filter((name) => !changes.some(({ column }) => column === name));
  return {
    changes,
    unchanged: unchanged.map((column) => ({ column, value: before[column] })),
    isSeen: Object.keys(before).length > 0,
    differences: differencesOf(rehearsal, after, patch),
    drift: driftOf(rehearsal),
  };
}

function changesOf(before: Row, after: Row, patch: Row): ColumnChange[] {
  return Object.keys(after)
    .filter((name) => Object.hasOwn(patch, name) || !isSame(before[name], after[name]))
    .map((name) => ({ column: name, before: before[name], after: after[name] }));
}

/** Whether two values of a row are the same one. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function differencesOf(rehearsal: ProposalDetail['rehearsal'], after: Row, patch: Row): Difference[] {
  if (rehearsal?.after == null) return [];
  const { before, after: given } = rehearsal;
  // What the proposal does not know is as it should be where the rehearsal itself left it alone.
  const expected: Row = { ...before, ...after };
  const names = new Set([...Object.keys(patch), ...Object.keys(given)]);
  return [...names]
    .filter((name) => !isSame(given[name], expected[name]))
    .map((name) => {
      const isWritten = Object.hasOwn(patch, name);
      return {
        column: name,
        given: given[name],
        expected: isWritten ? patch[name] : expected[name],
        isWritten,
      };
    });
}

function driftOf(rehearsal: ProposalDetail['rehearsal']): Drift[] {
  const { before, drift } = rehearsal ?? {};
  return (drift ?? []).map((column) => ({
    column,
    now: before != null && Object.hasOwn(before, column) ? before[column] : undefined,
  }));
}
