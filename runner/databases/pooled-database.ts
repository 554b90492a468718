import type { SourceConfig } from '../config/runner-config.ts';
import type { AttemptFacts, WritePlan } from '../verify/write-plan.ts';
import { rehearse } from './apply.ts';
import { DatabaseFault } from './database-fault.ts';
import type { Dialect } from './dialect.ts';
import { GatheredWrites } from './gathered-writes.ts';
import type { ReceiptActivity, ReceiptRecord } from './receipt-record.ts';
import type { Session } from './session.ts';
import { SessionPool } from './session-pool.ts';
import type {
  Authority,
  Outcome,
  RowName,
  RowVersion,
  SourceDatabase,
  SourceFault,
} from './source-database.ts';
import type { Table } from './write-once.ts';

/** A source's database of any engine, by a bounded pool of its sessions. Nothing is opened before it is needed. */
export class PooledDatabase<S extends Session> implements SourceDatabase {
  readonly #dialect: Dialect<S>;
  readonly #pool: SessionPool<S>;
  readonly #writes = new Map<string, GatheredWrites<S>>();

  constructor(dialect: Dialect<S>, { connections }: Pick<SourceConfig, 'connections'>) {
    this.#dialect = dialect;
    this.#pool = new SessionPool(() => dialect.open(), connections);
  }

  check(): Promise<readonly SourceFault[]> {
    return this.#pool.lend((session) => this.#dialect.check(session));
  }

  async apply(
    plan: WritePlan,
    facts: AttemptFacts,
    authority: Authority,
    giveUp: AbortSignal,
  ): Promise<Outcome> {
    return this.#writesOf(plan).apply({ plan, facts }, { authority, giveUp });
  }

  async rehearse(plan: WritePlan, facts: AttemptFacts): Promise<Outcome> {
    return rehearse(this.#tableOf(plan), { plan, facts });
  }

  serverName(): Promise<string> {
    return this.#pool.lend((session) => this.#dialect.serverName(session));
  }

  posture(): Promise<readonly SourceFault[]> {
    return this.#pool.lend((session) => this.#dialect.posture(session));
  }

  hasReceipts(): Promise<boolean> {
    return this.#pool.lend((session) => this.#dialect.hasReceipts(session));
  }

  createReceipts(): Promise<void> {
    return this.#pool.lend((session) => this.#dialect.createReceipts(session));
  }

  rehearseReceipt(): Promise<readonly SourceFault[]> {
    return this.#pool.lend((session) => this.#dialect.rehearseReceipt(session));
  }

  newestReceipts(limit: number): Promise<readonly ReceiptRecord[]> {
    return this.#pool.lend((session) => this.#dialect.newestReceipts(session, limit));
  }

  receiptActivity(): Promise<ReceiptActivity> {
    return this.#pool.lend((session) => this.#dialect.receiptActivity(session));
  }

  receiptsAfter(key: string, limit: number): Promise<readonly ReceiptRecord[]> {
    return this.#pool.lend((session) => this.#dialect.receiptsAfter(session, key, limit));
  }

  receiptsNamed(name: string): Promise<readonly ReceiptRecord[]> {
    return this.#pool.lend((session) => this.#dialect.receiptsNamed(session, name));
  }

  versionsOf(row: RowName, comparedWith: string | null): Promise<readonly RowVersion[]> {
    return this.#pool.lend((session) => this.#dialect.versionsOf(session, row, comparedWith));
  }

  async probe(): Promise<string | undefined> {
    try {
      await this.#pool.lend((session) => this.#dialect.ping(session));
      return undefined;
    } catch (error) {
      if (error instanceof DatabaseFault) return error.code;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #writesOf(plan: WritePlan): GatheredWrites<S> {
    const known = this.#writes.get(plan.table);
    if (known !== undefined) return known;
    const writes = new GatheredWrites(this.#tableOf(plan));
    this.#writes.set(plan.table, writes);
    return writes;
  }

  #tableOf({ table }: WritePlan): Table<S> {
    return { pool: this.#pool, writer: this.#dialect.writer(table) };
  }
}
