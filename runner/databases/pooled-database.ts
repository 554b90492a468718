import type { SourceConfig } from '../config/runner-config.ts';
import type { OperationPlan } from '../verify/operation-plan.ts';
import type { RehearsalPlan } from '../verify/rehearsal-plan.ts';
import type { AttemptFacts, WritePlan } from '../verify/write-plan.ts';
import { apply, rehearse } from './apply.ts';
import { DatabaseFault } from './database-fault.ts';
import type { Dialect } from './dialect.ts';
import { GatheredWrites } from './gathered-writes.ts';
import { type OperationTable, passOfOperation } from './operate-once.ts';
import type { ReceiptActivity, ReceiptRecord } from './receipt-record.ts';
import { rehearseChange } from './rehearse-change.ts';
import type { Session } from './session.ts';
import { SessionPool } from './session-pool.ts';
import type {
  Authority,
  Outcome,
  RehearsalOutcome,
  RowName,
  RowVersion,
  SourceDatabase,
  SourceFault,
} from './source-database.ts';
import { passOf, type Table } from './write-once.ts';

/**
 * A source's database of any engine, by a bounded pool of its sessions, and another for rehearsals, which never take
 * one from a write. Nothing is opened before it is needed.
 */
export class PooledDatabase<S extends Session> implements SourceDatabase {
  readonly #dialect: Dialect<S>;
  readonly #pool: SessionPool<S>;
  /** Undefined where there are no rehearsals. */
  readonly #rehearsals: SessionPool<S> | undefined;
  readonly #tables: SourceConfig['tables'];
  readonly #writes = new Map<string, GatheredWrites<S>>();

  constructor(
    dialect: Dialect<S>,
    { connections, rehearsals, tables }: Pick<SourceConfig, 'connections' | 'rehearsals' | 'tables'>,
  ) {
    this.#dialect = dialect;
    this.#tables = tables;
    this.#pool = new SessionPool(() => dialect.open(), connections);
    if (rehearsals !== undefined)
      this.#rehearsals = new SessionPool(() => dialect.openForRehearsals(rehearsals), rehearsals.at_once);
  }

  check(): Promise<readonly SourceFault[]> {
    return this.#pool.lend((session) => this.#dialect.check(session));
  }

  async apply(
    plan: WritePlan | OperationPlan,
    facts: AttemptFacts,
    authority: Authority,
    giveUp: AbortSignal,
  ): Promise<Outcome> {
    if ('operation' in plan)
      return apply(passOfOperation(this.#operationsOf(plan), { plan, facts }), { authority, giveUp });
    return this.#writesOf(plan).apply({ plan, facts }, { authority, giveUp });
  }

  async rehearse(plan: WritePlan | OperationPlan, facts: AttemptFacts): Promise<Outcome> {
    if ('operation' in plan) return rehearse(passOfOperation(this.#operationsOf(plan), { plan, facts }));
    return rehearse(passOf(this.#tableOf(plan), { plan, facts }));
  }

  async rehearseChange(plan: RehearsalPlan, runnerId: string): Promise<RehearsalOutcome> {
    const pool = this.#rehearsals;
    if (pool === undefined) throw new RangeError('no rehearsals are configured');
    return rehearseChange({ pool, writer: this.#dialect.writer(plan.table) }, plan, runnerId);
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

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#rehearsals?.close()]);
  }

  #writesOf(plan: WritePlan): GatheredWrites<S> {
    const known = this.#writes.get(plan.table);
    if (known !== undefined) return known;
    const writes = new GatheredWrites(this.#tableOf(plan));
    this.#writes.set(plan.table, writes);
    return writes;
  }

  #operationsOf({ table }: OperationPlan): OperationTable<S> {
    const deleting = this.#tables[table]?.operations?.delete;
    return { pool: this.#pool, writer: this.#dialect.operationWriter(table), deleting };
  }

  #tableOf({ table }: WritePlan): Table<S> {
    return { pool: this.#pool, writer: this.#dialect.writer(table) };
  }
}
