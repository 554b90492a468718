import { DatabaseSync } from 'node:sqlite';
import { entryOf } from '@countersign/durable-objects/tenant/queries/story';
import type { RawRow } from '@countersign/durable-objects/tenant/storage/database';
import { type LedgerEntry, verifyLedger } from '@countersign/protocol/ledger';
import * as z from 'zod';

const headsSchema = z.array(z.object({ tenant: z.string(), seq: z.int(), hash: z.string() }));
const namesSchema = z.array(z.object({ name: z.string() }));

/** What a copy holds of one tenant. */
export interface CopiedTenant {
  readonly tenant: string;
  readonly entries: number;
  /** Where its ledger stops to be one, in words; null where it is whole and ends at its head. */
  readonly trouble: string | null;
}

/** What lies in a copy of a database. */
export interface RecordCopy {
  readonly migrations: readonly string[];
  readonly tenants: readonly CopiedTenant[];
}

/**
 * Brings the SQL that `wrangler d1 export` has written back in memory, and follows the ledger of every tenant in it to its
 * head. Throws where the SQL is cut off, or is not that of a record.
 */
export function verifyRecordCopy(sql: string): RecordCopy {
  const database = new DatabaseSync(':memory:');
  try {
    database.exec(sql);
    const heads = headsSchema.parse(
      database.prepare('SELECT tenant, seq, hash FROM heads ORDER BY tenant').all(),
    );
    const applied = namesSchema.parse(database.prepare('SELECT name FROM d1_migrations ORDER BY id').all());
    return {
      migrations: applied.map(({ name }) => name),
      tenants: heads.map((head) => tenantIn(database, head)),
    };
  } finally {
    database.close();
  }
}

function tenantIn(database: DatabaseSync, head: z.infer<typeof headsSchema>[number]): CopiedTenant {
  const { tenant } = head;
  const verdict = verifyLedger(tenant, entriesIn(database, tenant));
  if (!verdict.ok) return { tenant, entries: verdict.seq, trouble: `${verdict.reason} at ${verdict.seq}` };
  const { entries, head_hash: end } = verdict;
  const isAtHead = entries === head.seq && (end === head.hash || entries === 0);
  return { tenant, entries, trouble: isAtHead ? null : `it ends at ${entries}, and its head is ${head.seq}` };
}

function* entriesIn(database: DatabaseSync, tenant: string): Iterable<LedgerEntry> {
  const rows = database.prepare('SELECT * FROM ledger WHERE tenant = ? ORDER BY seq').iterate(tenant);
  for (const row of rows) yield entryOf(row as RawRow);
}
