import type { ProposalDetail } from './proposal-detail.ts';
import { isSame, type RowEffect, rowEffect, rowEffectsOf } from './row-effect.ts';

type Row = Readonly<Record<string, unknown>>;

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

/** What a proposal would do. */
export interface ProposalEffect {
  /** Row by row; none where the change holds rows that cannot be read here. */
  readonly rows: readonly RowEffect[];
  /** Whether anybody has looked at the row yet. */
  readonly isSeen: boolean;
  readonly differences: readonly Difference[];
  readonly drift: readonly Drift[];
}

/**
 * The effect of a proposal row by row and column by column: what it writes, which is what an approval binds. A rehearsal
 * comes from outside, so it is never shown in the place of that; where it gave something else, that is a difference of
 * its own.
 */
export function effectOf({ change_set, patch: requested, rehearsal }: ProposalDetail): ProposalEffect {
  const rows =
    change_set == null ? [requestedRow(requested ?? {}, rehearsal?.before ?? {})] : rowEffectsOf(change_set);
  const [first, second] = rows;
  // A runner rehearses the update of one row.
  const only = second === undefined && first?.kind === 'updated' ? first : undefined;
  return {
    rows,
    isSeen: rows.every(({ before, kind }) => kind !== 'updated' || Object.keys(before).length > 0),
    differences:
      only === undefined ? [] : differencesOf(rehearsal, only.after, change_set?.patch ?? requested ?? {}),
    drift: driftOf(rehearsal),
  };
}

/** What a capability was asked for, over the row as it was seen. */
function requestedRow(patch: Row, before: Row): RowEffect {
  return rowEffect('updated', undefined, { before, after: before, patch });
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
