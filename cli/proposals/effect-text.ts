import { printable } from '@countersign/client/printable';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import {
  type ColumnChange,
  type Difference,
  type Drift,
  effectOf,
} from '@countersign/client/proposal-effect';
import { type Column, facts, table } from '../output/table.ts';

const columns: readonly Column<ColumnChange>[] = [
  { title: 'COLUMN', of: ({ column }) => column },
  { title: 'BEFORE', of: ({ before }) => valueText(before) },
  { title: '', of: () => '->' },
  { title: 'AFTER', of: ({ after }) => valueText(after) },
];

/**
 * What a proposal would do to the row, column by column. A text stands in quotes, so that "1" is not taken for 1.
 */
export function effectText(detail: ProposalDetail, emphasize: (text: string) => string): string {
  const { changes, differences, drift, isSeen, unchanged } = effectOf(detail);
  return [
    whereText(detail),
    changes.length === 0 ? '' : `\n${table(columns, changes, emphasize)}`,
    unchanged.length === 0 ? '' : facts([['unchanged', unchanged.map(({ column }) => column)]]),
    isSeen ? '' : 'nobody has looked at the row yet: no exact change is known\n',
    differencesText(differences, emphasize),
    driftText(drift),
  ].join('');
}

/** Which row, and under which guards. */
function whereText({ change_set, scope }: ProposalDetail): string {
  const source = change_set?.source;
  const tenant = change_set?.guards?.tenant;
  const version = change_set?.guards?.expected_version;
  const key = source?.primary_key;
  return facts([
    ['table', source == null ? undefined : [source.schema, source.table].filter(Boolean).join('.')],
    ['row', key == null ? (scope?.object_id ?? undefined) : `${key.column} = ${valueText(key.value)}`],
    [
      'tenant',
      tenant == null ? (scope?.tenant_id ?? undefined) : `${tenant.column} = ${valueText(tenant.value)}`,
    ],
    ['while', version == null ? undefined : `${version.column} = ${valueText(version.value)}`],
  ]);
}

function differencesText(differences: readonly Difference[], emphasize: (text: string) => string): string {
  if (differences.length === 0) return '';
  const lines = differences.map(({ column, expected, given, isWritten }) => {
    const writes = isWritten
      ? `the proposal writes ${valueText(expected)}`
      : `the proposal does not write it and says ${valueText(expected)}`;
    return `${emphasize(`!! ${printable(column)}: the rehearsal gave ${valueText(given)}, ${writes}`)}\n`;
  });
  return `\n${lines.join('')}`;
}

/** Whoever decides must not overlook it. */
function driftText(drift: readonly Drift[]): string {
  if (drift.length === 0) return '';
  const changes = drift.map(({ column, now }) =>
    now === undefined ? printable(column) : `${printable(column)} is now ${valueText(now)}`,
  );
  return `\nTHE ROW HAS CHANGED since this was proposed: ${changes.join(', ')}\n`;
}

/** A value as JSON has it; unknown is not null. */
export function valueText(value: unknown): string {
  return value === undefined ? '(not known)' : printable(JSON.stringify(value));
}
