import type { Head } from '../schema.ts';
import type { Tried } from '../turn/tried.ts';
import type { Database } from './database.ts';

/**
 * Which of the batches that were sent, and whose answers were lost, has landed. The head names the batch that wrote
 * it; where a newer one stands there already, the last entry of ours, if it had any, stands in the ledger or not, and
 * names its batch too. What it says does not tell: another instance may have written the same in the same moment.
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
    if (
      entry !== undefined &&
      (await isInLedger(database, head.tenant, entry.seq, attempt.changes.head.nonce))
    )
      return attempt;
  }
  return undefined;
}

async function isInLedger(database: Database, tenant: string, seq: number, nonce: string): Promise<boolean> {
  const sql = 'SELECT nonce FROM ledger WHERE tenant = ?1 AND seq = ?2';
  const [found] = await database.batch([{ sql, params: [tenant, seq] }]);
  return found?.rows[0]?.nonce === nonce;
}
