import { canonicalJson } from '@countersign/protocol/canonical-json';
import { entryTypes } from '@countersign/protocol/entry-types';
import { entryHash, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { type LedgerRow, ledger } from '../schema.ts';
import type { Database } from '../storage/database.ts';
import { insertRows } from '../storage/rows.ts';

export type Inserted =
  | { readonly ok: true; readonly seq: number }
  /** `newer`: this release does not know what happened there. `broken`: no such entry follows the one before it. */
  | { readonly ok: false; readonly seq: number; readonly why: 'newer' | 'broken' };

const known: ReadonlySet<string> = new Set(entryTypes);

/** Entries of a copy into the ledger of a tenant that has no head, in order. Those that are there already are passed over. */
export async function insertEntries(
  database: Database,
  tenant: string,
  entries: readonly LedgerEntry[],
): Promise<Inserted> {
  let last = await lastOf(database, tenant);
  const fresh: LedgerRow[] = [];
  for (const entry of entries) {
    if (entry.seq <= last.seq) continue;
    const follows = entry.tenant === tenant && entry.seq === last.seq + 1 && entry.prev_hash === last.hash;
    if (!follows || entryHash(entry) !== entry.hash) return { ok: false, seq: entry.seq, why: 'broken' };
    if (!known.has(entry.type)) return { ok: false, seq: entry.seq, why: 'newer' };
    fresh.push(rowOf(entry));
    last = { seq: entry.seq, hash: entry.hash };
  }
  if (fresh.length > 0) await database.batch(insertRows(ledger, fresh));
  return { ok: true, seq: last.seq };
}

async function lastOf(database: Database, tenant: string): Promise<{ seq: number; hash: string }> {
  const sql = 'SELECT seq, hash FROM ledger WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1';
  const [found] = await database.batch([{ sql, params: [tenant] }]);
  const row = found?.rows[0];
  return row === undefined
    ? { seq: 0, hash: genesisHash(tenant) }
    : { seq: Number(row.seq), hash: String(row.hash) };
}

function rowOf({ actor, at, body, ...entry }: LedgerEntry): LedgerRow {
  return {
    ...entry,
    at: Date.parse(at),
    actor_kind: actor.kind,
    actor_id: actor.id,
    body: canonicalJson(body),
    nonce: '',
  };
}
