import type { RestoredFrom, RestorePart, RestoreReply } from '@countersign/protocol/backup/tenant-record';
import type { Database } from '../storage/database.ts';
import { finishStatements } from './finish-restore.ts';
import { insertEntries } from './insert-entries.ts';
import { Rebuilding, type Rebuilt, Unfoldable } from './rebuilding.ts';
import { putBack } from './unfolded-rows.ts';

/** Pages of one call: it must end long before the platform ends it. */
const PIECES_AT_ONCE = 20;

interface Outside {
  now(): number;
  /** A text that no other batch ever carries. */
  nonce(): string;
}

/** A tenant's record on its way back. What it remembers may be lost at any time, and is then folded again. */
export class Restoring {
  readonly #database: Database;
  readonly #tenant: string;
  readonly #outside: Outside;
  #rebuilding: Rebuilding | undefined;
  #rebuilt: Rebuilt | undefined;

  constructor(database: Database, tenant: string, outside: Outside) {
    this.#database = database;
    this.#tenant = tenant;
    this.#outside = outside;
  }

  /** Throws what the database throws. */
  async take(part: RestorePart): Promise<RestoreReply> {
    const head = await this.#head();
    if (head !== undefined && part.kind !== 'finish') return { ok: false, fault: 'not_empty', seq: head };
    switch (part.kind) {
      case 'entries': {
        const inserted = await insertEntries(this.#database, this.#tenant, part.entries);
        return inserted.ok
          ? { ok: true, isDone: true }
          : { ok: false, fault: inserted.why, seq: inserted.seq };
      }
      case 'fold':
        return this.#fold();
      case 'rows': {
        const statements = putBack(this.#tenant, part.rows);
        if (statements.length > 0) await this.#database.batch(statements);
        return { ok: true, isDone: true };
      }
      case 'finish':
        return this.#finish(part.from, head);
    }
  }

  async #fold(): Promise<RestoreReply> {
    this.#rebuilding ??= new Rebuilding(this.#database, this.#tenant);
    try {
      this.#rebuilt ??= await this.#rebuilding.go(PIECES_AT_ONCE);
      return { ok: true, isDone: this.#rebuilt !== undefined };
    } catch (fault) {
      this.#rebuilding = undefined;
      if (fault instanceof Unfoldable) return { ok: false, fault: 'unfoldable', seq: fault.seq };
      throw fault;
    }
  }

  async #finish(from: RestoredFrom, head: number | undefined): Promise<RestoreReply> {
    if (head !== undefined) {
      const isOurs = await this.#endsWith(from.snapshot_id);
      return isOurs ? { ok: true, isDone: true } : { ok: false, fault: 'not_empty', seq: head };
    }
    if (this.#rebuilt === undefined) return { ok: true, isDone: false };
    const { hash, seq } = this.#rebuilt;
    if (seq !== from.head.seq || hash !== from.head.hash) return { ok: false, fault: 'broken', seq };
    const nonces = [this.#outside.nonce(), this.#outside.nonce()] as const;
    const now = this.#outside.now();
    await this.#database.batch(finishStatements(this.#tenant, this.#rebuilt, from, { nonces, now }));
    return { ok: true, isDone: true };
  }

  async #head(): Promise<number | undefined> {
    const sql = 'SELECT seq FROM heads WHERE tenant = ?1';
    const [found] = await this.#database.batch([{ sql, params: [this.#tenant] }]);
    const row = found?.rows[0];
    return row === undefined ? undefined : Number(row.seq);
  }

  /** A finish whose answer was lost has left its entry, and whatever came after it. */
  async #endsWith(snapshotId: string): Promise<boolean> {
    const sql =
      "SELECT body ->> '$.snapshot_id' AS id FROM ledger WHERE tenant = ?1 AND type = 'tenant.restored' ORDER BY seq DESC LIMIT 1";
    const [found] = await this.#database.batch([{ sql, params: [this.#tenant] }]);
    return found?.rows[0]?.id === snapshotId;
  }
}
