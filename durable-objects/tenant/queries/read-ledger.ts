import { ledger } from '../schema.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import { ledgerEntry } from '../storage/write.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { LookPlan } from './look.ts';

/** The record from its beginning, or from after a cursor, in order. Entries are as they were hashed. */
export function readLedger(tenant: string, { limit, cursor }: LookOf<'read-ledger'>): LookPlan {
  const [after = 0] = decodeCursor(cursor, 1) ?? [];
  const sql = `SELECT ${selectList(ledger, 'l')} FROM ledger l WHERE l.tenant = ?1 AND l.seq > ?2 ORDER BY l.seq LIMIT ?3`;
  return {
    statements: [{ sql, params: [tenant, after, limit] }],
    answer: ([rows = []], { head }) => {
      const entries = rows.map((raw) => ledgerEntry(decodeRow(ledger, raw)));
      const last = entries.at(-1);
      const next_cursor = last === undefined || last.seq >= head.seq ? null : encodeCursor(last.seq);
      return answer({ ok: true, entries, head: { seq: head.seq, hash: head.hash }, next_cursor });
    },
  };
}
