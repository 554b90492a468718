import { printable } from '@countersign/client/printable';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { effectOf, isSame } from '@countersign/client/proposal-effect';
import { moneyText } from '../format/money.ts';

/** What a change does in one line: `late_fee_cents 25.00 -> 0.00, waiver_reason null -> "..."`. */
export function changeText(detail: ProposalDetail): string {
  const written = effectOf(detail).changes;
  const changes = written.filter(({ after, before }) => !isSame(before, after));
  if (changes.length === 0) return written.length === 0 ? 'writes nothing' : 'writes what is there already';
  const row = detail.change_set?.before ?? {};
  const text = (column: string, value: unknown) =>
    moneyText(column, value, row) ?? (value === undefined ? 'not known' : JSON.stringify(value));
  return printable(
    changes
      .map(({ after, before, column }) => `${column} ${text(column, before)} → ${text(column, after)}`)
      .join(', '),
  );
}
