import { printable } from '@countersign/client/printable';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { effectOf } from '@countersign/client/proposal-effect';
import { isSame, type RowEffect } from '@countersign/client/row-effect';
import { moneyText } from '../format/money.ts';

const verbs = { updated: 'changes', inserted: 'makes', deleted: 'REMOVES' } as const;

/** What a change does in one line: `late_fee_cents 25.00 -> 0.00, waiver_reason null -> "..."`, or to how many rows. */
export function changeText(detail: ProposalDetail): string {
  const { rows } = effectOf(detail);
  const [first, second] = rows;
  if (first === undefined) return 'writes rows that cannot be read here';
  if (second !== undefined) return `${verbs[first.kind]} ${rows.length} rows`;
  return printable(first.kind === 'updated' ? updateText(first) : wholeText(first));
}

function updateText({ before: row, changes: written }: RowEffect): string {
  const changes = written.filter(({ after, before }) => !isSame(before, after));
  if (changes.length === 0) return written.length === 0 ? 'writes nothing' : 'writes what is there already';
  return changes
    .map(
      ({ after, before, column }) => `${column} ${text(row, column, before)} → ${text(row, column, after)}`,
    )
    .join(', ');
}

/** A row that is made or removed, by its values. */
function wholeText({ after, before, kind }: RowEffect): string {
  const row = kind === 'inserted' ? after : before;
  const values = Object.entries(row).map(([column, value]) => `${column} ${text(row, column, value)}`);
  return `${verbs[kind]} the row ${values.join(', ')}`;
}

function text(row: Readonly<Record<string, unknown>>, column: string, value: unknown): string {
  return moneyText(column, value, row) ?? (value === undefined ? 'not known' : JSON.stringify(value));
}
