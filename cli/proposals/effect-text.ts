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
 * What a proposal would do to the row, column by column, as it was rehearsed where it was, else as it was proposed.
 * A text stands in quotes, so that "1" is not taken for 1.
 */
export function effectText(detail: ProposalDetail, emphasize: (text: string) => string): string {
  const { change_set, rehearsal } = detail;
  const patch = change_set?.patch ?? detail.patch ?? {};
  const isRehearsed = rehearsal?.before != null && rehearsal.after != null;
  const before = (isRehearsed ? rehearsal.before : change_set?.before) ?? {};
  const after = (isRehearsed ? rehearsal.after : change_set?.after) ?? { ...before, ...patch };
  const changed = changesOf(before, after, patch);
  const unchanged = Object.keys(before).filter((name) => !changed.some(({ column }) => column === name));
  const isSeen = Object.keys(before).length > 0;
  return [
    whereText(detail),
    changed.length === 0 ? '' : `\n${table(columns, changed, emphasize)}`,
    unchanged.length === 0 ? '' : facts([['unchanged', unchanged]]),
    isSeen ? '' : 'nobody has looked at the row yet: no exact change is known\n',
    driftText(rehearsal?.drift),
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
  const names = new Set([...Object.keys(patch), ...Object.keys(after)]);
  return [...names]
    .filter(
      (name) => Object.hasOwn(patch, name) || JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    )
    .map((name) => ({
      column: name,
      before: before[name],
      after: Object.hasOwn(after, name) ? after[name] : patch[name],
    }));
}

/** What has changed in the row since it was proposed: whoever decides must not overlook it. */
function driftText(drift: readonly string[] | null | undefined): string {
  if (drift == null || drift.length === 0) return '';
  return `\nTHE ROW HAS CHANGED since this was proposed: ${drift.map(printable).join(', ')}\n`;
}

/** A value as JSON has it; unknown is not null. */
export function valueText(value: unknown): string {
  return value === undefined ? '(not known)' : printable(JSON.stringify(value));
}
