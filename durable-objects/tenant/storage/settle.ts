import { type Head, ledger } from '../schema.ts';
import type { Tried } from '../turn/tried.ts';
import type { Database } from './database.ts';
import { decodeRow, selectList } from './rows.ts';

/**
 * Which of the batches that were sent, and whose answers were lost, has landed. The head names the batch that wrote
 * it; where a newer one stands there already, the last entry of ours, if it had any, stands in the ledger or not, and
 * through the chain all before it.
 */
export async function settle(
  database: Database,
  head: Head | undefined,
  tried: readonly Tried[],
): Promise<Tried | undefined> {
  if (head === undefined || tried.length === 0) return undefined;
  const named = tried.find(({ changes }) => changes.head.nonce === head.nonce);
  if (named !== undefined) return named;
  const overtaken = tried.filter(
    ({ base, changes }) => head.turn > base.turn + 1 && changes.entries.length > 0,
  );
  for (const attempt of overtaken) {
    const entry = attempt.changes.entries.at(-1)?.entry;
    if (entry !== undefined && (await standsInLedger(database, head.tenant, entry.seq, entry.hash)))
      return attempt;
  }
  return undefined;
}

async function standsInLedger(
  database: Database,
  tenant: string,
  seq: number,
  hash: string,
): Promise<boolean> {
  const [found] = await database.batch([
    {
      sql: `SELECT ${selectList(ledger, 'l')} FROM ledger l WHERE l.tenant = ?1 AND l.seq = ?2`,
      params: [tenant, seq],
    },
  ]);
  const raw = found?.rows[0];
  return raw !== undefined && decodeRow(ledger, raw).hash === hash;
}
