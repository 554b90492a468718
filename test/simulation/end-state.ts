import { heads, idempotency, ledger, proposals } from '@countersign/durable-objects/tenant/schema';
import { decodeRow } from '@countersign/durable-objects/tenant/storage/rows';
import { ledgerEntry } from '@countersign/durable-objects/tenant/storage/write';
import { forEachTable, keyedTables } from '@countersign/durable-objects/tenant/turn/keyed-tables';
import { getTableName } from 'drizzle-orm';
import type { History } from './history.ts';
import { TENANT } from './tenant.ts';
import type { World } from './world.ts';

/** The history as it stands at the end, for the checkers. */
export function endOf(world: World, stuck: readonly string[]): History {
  const { database, customer, host } = world;
  const all = (table: string) => database.query(`SELECT * FROM ${table} WHERE tenant = ?1`);
  const [head] = all('heads');
  if (head === undefined) throw new Error('the head is gone');
  return {
    tenant: TENANT,
    entries: all('ledger').map((raw) => ledgerEntry(decodeRow(ledger, raw))),
    proposals: all('proposals').map((raw) => decodeRow(proposals, raw)),
    keyed: forEachTable((name) => {
      const { table } = keyedTables[name];
      return all(getTableName(table)).map((raw) => decodeRow(table, raw));
    }),
    keys: all('idempotency').map((raw) => decodeRow(idempotency, raw)),
    head: decodeRow(heads, head),
    genesis: database.genesis,
    commits: database.commits,
    answers: database.answers,
    asked: database.asked,
    leases: database.leases,
    troubled: database.troubled,
    jolts: database.jolts,
    rows: customer.rows,
    receipts: customer.tables.receipts,
    stuck,
    uncaught: host.uncaught,
  };
}
