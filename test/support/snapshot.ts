import {
  activity,
  credentials,
  heads,
  idempotency,
  ledger,
  members,
  proposalIds,
  proposals,
  runners,
  sources,
} from '@countersign/durable-objects/tenant/schema';
import { columnNames } from '@countersign/durable-objects/tenant/storage/rows';
import { getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { TestPlane } from './plane.ts';

const tables: readonly SQLiteTable[] = [
  heads,
  ledger,
  proposals,
  proposalIds,
  idempotency,
  activity,
  runners,
  sources,
  members,
  credentials,
];

/** Every row of a tenant, table by table, as texts that are equal exactly when nothing has changed. */
export type Snapshot = Readonly<Record<string, string>>;

export async function snapshot(plane: Pick<TestPlane, 'query'>, project: string): Promise<Snapshot> {
  const columns = tables.map((table) => {
    const name = getTableName(table);
    const values = columnNames(table).join(', ');
    return `(SELECT json_group_array(json_array(${values})) FROM ${name} WHERE tenant = ?1) AS ${name}`;
  });
  const [found] = await plane.query<Snapshot>(`SELECT ${columns.join(', ')}`, project);
  if (found === undefined) throw new TypeError('a SELECT without FROM has one row');
  return found;
}

/** The same without the head, which a sweep of the tenant's own alarm moves without anybody asking. */
export async function recordOf(plane: Pick<TestPlane, 'query'>, project: string): Promise<Snapshot> {
  const { heads: _, ...record } = await snapshot(plane, project);
  return record;
}
