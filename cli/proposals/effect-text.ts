import { printable } from '../output/printable.ts';
import { type Column, facts, table } from '../output/table.ts';
import type { ProposalDetail } from './proposal-detail.ts';

type Row = Readonly<Record<string, unknown>>;
interface ColumnChange {
  readonly column: string;
  readonly before: unknown;
  readonly after: unknown;
}

const columns: readonly Column<ColumnChange>[] = [
  { title: 'COLUMN', of: ({ column }) => column },
  { title: 'BEFORE', of: ({ before }) => valueText(before) },
  { title: '', of: () => '->' },
  { title: 'AFTER', of: ({ after }) => valueText(after) },
];

/**
 * What a proposal would do to the row, column by column: what it writes, which is what an approval binds. A rehearsal
 * comes from outside, so it is never shown in the place of that; where it gave something else, a line of its own says
 * so. A text stands in quotes, so that "1" is not taken for 1.
 */
export function effectText(detail: ProposalDetail, emphasize: (text: string) => string): string {
  const { change_set, rehearsal } = detail;
  const patch = change_set?.patch ?? detail.patch ?? {};
  const before = (change_set == null ? rehearsal?.before : change_set.before) ?? {};
  const after = { ...(change_set?.after ?? before), ...patch };
  const changed = changesOf(before, after, patch);
  const unchanged = Object.keys(before).filter((name) => !changed.some(({ column }) => column === name));
  const isSeen = Object.keys(before).length > 0;
  return [
    whereText(detail),
    changed.length === 0 ? '' : `\n${table(columns, changed, emphasize)}`,
    unchanged.length === 0 ? '' : facts([['unchanged', unchanged]]),
    isSeen ? '' : 'nobody has looked at the row yet: no exact change is known\n',
    differencesText(detail, after, patch, emphasize),
    driftText(rehearsal),
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

function changesOf(before: Row, after: Row, patch: Row): ColumnChange[] {
  return Object.keys(after)
    .filter((name) => Object.hasOwn(patch, name) || !isSame(before[name], after[name]))
    .map((name) => ({ column: name, before: before[name], after: after[name] }));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Where the row came out of the rehearsal otherwise than the proposal says; a column that it left out is one. */
function differencesText(
  { rehearsal }: ProposalDetail,
  after: Row,
  patch: Row,
  emphasize: (text: string) => string,
): string {
  if (rehearsal?.after == null) return '';
  const { before, after: given } = rehearsal;
  // What the proposal does not know is as it should be where the rehearsal itself left it alone.
  const expected: Row = { ...before, ...after };
  const names = new Set([...Object.keys(patch), ...Object.keys(given)]);
  const lines = [...names]
    .filter((name) => !isSame(given[name], expected[name]))
    .map((name) => {
      const writes = Object.hasOwn(patch, name)
        ? `the proposal writes ${valueText(patch[name])}`
        : `the proposal does not write it and says ${valueText(expected[name])}`;
      return `${emphasize(`!! ${printable(name)}: the rehearsal gave ${valueText(given[name])}, ${writes}`)}\n`;
    });
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

/** What has changed in the row since it was proposed: whoever decides must not overlook it. */
function driftText(rehearsal: ProposalDetail['rehearsal']): string {
  const { before, drift } = rehearsal ?? {};
  if (drift == null || drift.length === 0) return '';
  const changes = drift.map((name) =>
    before != null && Object.hasOwn(before, name)
      ? `${printable(name)} is now ${valueText(before[name])}`
      : printable(name),
  );
  return `\nTHE ROW HAS CHANGED since this was proposed: ${changes.join(', ')}\n`;
}

/** A value as JSON has it; unknown is not null. */
export function valueText(value: unknown): string {
  return value === undefined ? '(not known)' : printable(JSON.stringify(value));
}
