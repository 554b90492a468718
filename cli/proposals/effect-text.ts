import { printable } from '@countersign/client/printable';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { type Difference, type Drift, effectOf } from '@countersign/client/proposal-effect';
import type { ColumnChange, RowEffect } from '@countersign/client/row-effect';
import { type Column, facts, table } from '../output/table.ts';

/** There is no row before it is made, and none after it is removed: that is not the same as a value not known. */
function columnsOf(kind: RowEffect['kind']): readonly Column<ColumnChange>[] {
  return [
    { title: 'COLUMN', of: ({ column }) => column },
    { title: 'BEFORE', of: ({ before }) => (kind === 'inserted' ? '(no row)' : valueText(before)) },
    { title: '', of: () => '->' },
    { title: 'AFTER', of: ({ after }) => (kind === 'deleted' ? '(no row)' : valueText(after)) },
  ];
}

/**
 * What a proposal would do, row by row and column by column. A text stands in quotes, so that "1" is not taken for 1.
 */
export function effectText(detail: ProposalDetail, emphasize: (text: string) => string): string {
  const { differences, drift, isSeen, rows } = effectOf(detail);
  const [first, second] = rows;
  const isOneUpdate = second === undefined && first?.kind === 'updated';
  return [
    whereText(detail),
    first === undefined ? emphasize('\nits rows cannot be read here: look at it with --json\n') : '',
    ...rows.map((row) => rowText(row, isOneUpdate ? '' : `\n${titleOf(row)}`, emphasize)),
    isSeen ? '' : 'nobody has looked at the row yet: no exact change is known\n',
    differencesText(differences, emphasize),
    driftText(drift),
  ].join('');
}

function rowText(
  { changes, kind, unchanged }: RowEffect,
  title: string,
  emphasize: (text: string) => string,
) {
  return [
    title,
    changes.length === 0 ? '' : `\n${table(columnsOf(kind), changes, emphasize)}`,
    unchanged.length === 0 ? '' : facts([['unchanged', unchanged.map(({ column }) => column)]]),
  ].join('');
}

const verbs = { updated: 'changes', inserted: 'makes a new row', deleted: 'REMOVES' } as const;

function titleOf({ key, kind }: RowEffect): string {
  const row = key === undefined ? '' : ` ${printable(key.column)} = ${valueText(key.value)}`;
  return `${verbs[kind]}${row}\n`;
}

/** Which row, and under which guards; of many, how many, and what their sums are bounded by. */
function whereText({ change_set, scope }: ProposalDetail): string {
  const source = change_set?.source;
  const tenant = change_set?.guards?.tenant;
  const version = change_set?.guards?.expected_version;
  const key = source?.primary_key;
  const set = change_set?.frozen_set;
  return facts([
    ['table', source == null ? undefined : [source.schema, source.table].filter(Boolean).join('.')],
    ['row', rowName(key, scope?.object_id)],
    ['rows', set == null ? undefined : `${set.row_count}, of at most ${set.max_rows}`],
    ...(set?.aggregate_bounds ?? []).map(
      ({ column, measure, actual, maximum }) =>
        ['sum', `${column} (${measure}): ${actual}, of at most ${maximum}`] as const,
    ),
    ['takes back', change_set?.compensation?.descriptor?.lineage?.reverts_proposal_id ?? undefined],
    [
      'tenant',
      tenant == null ? (scope?.tenant_id ?? undefined) : `${tenant.column} = ${valueText(tenant.value)}`,
    ],
    ['while', version == null ? undefined : `${version.column} = ${valueText(version.value)}`],
  ]);
}

type Key = NonNullable<NonNullable<ProposalDetail['change_set']>['source']>['primary_key'];

function rowName(key: Key, objectId: string | null | undefined): string | undefined {
  if (key == null) return objectId ?? undefined;
  return key.value === undefined ? undefined : `${key.column} = ${valueText(key.value)}`;
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
