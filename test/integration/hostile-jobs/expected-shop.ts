import { expect } from 'vitest';
import type { SentCase } from './every-case.ts';
import type { TargetRow } from './hostile-case.ts';
import type { Row, Snapshot } from './shop-snapshot.ts';
import { configuredTables } from './shop-tables.ts';

/** What stands in a database after every case ended as it must: the rows of before, and exactly what is allowed. */
export function expectedShop(
  before: Snapshot,
  cases: readonly SentCase[],
  good: readonly TargetRow[],
): Snapshot {
  const after: Record<string, readonly Row[]> = structuredClone(before);
  for (const { ending, row } of cases) if (ending.kind === 'applied') write(after, row, ending.set);
  for (const row of good) write(after, row, { waiver_reason: 'goodwill', late_fee_cents: '0' });
  return after;
}

function write(shop: Snapshot, { table, id }: TargetRow, set: Readonly<Record<string, string | null>>): void {
  const { version } = configuredTables[table];
  const isOwn = ({ tenant_id }: Row) =>
    table === 'public.ledgers'
      ? tenant_id === '7'
      : String(tenant_id).trimEnd() === 'acme' && tenant_id !== 'acme ';
  const own = shop[table]?.filter((row) => row.id === id && isOwn(row)) ?? [];
  const [row] = own;
  if (row === undefined || own.length > 1) throw new Error(`${table} has not one row ${id}`);
  const next =
    version.advance === 'integer'
      ? String(Number(row[version.column]) + 1)
      : expect.not.stringContaining(String(row[version.column]));
  Object.assign(row, set, { [version.column]: next, writer: expect.not.stringMatching(`^${row.writer}$`) });
}

/** The part of each receipt that tells for which job, which row and with which outcome it was left. */
export function expectedReceipts(cases: readonly SentCase[]): readonly Row[] {
  return cases.flatMap(({ ending, row, text }) => {
    if (ending.kind !== 'applied' && ending.kind !== 'conflict') return [];
    const { idempotency_key, writeback_job_id, target } = JSON.parse(text).writeback_job;
    return [
      {
        idempotency_key,
        job_id: writeback_job_id,
        target_table: row.table,
        target_key: String(target.primary_key.value),
        status: ending.kind,
        reason: ending.kind === 'conflict' ? ending.reason : null,
        runner_id: 'runner-1',
      },
    ];
  });
}
