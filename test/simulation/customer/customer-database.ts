import type { Faults } from '../faults.ts';
import type { CustomerRow, Receipt } from '../history.ts';
import type { Random } from '../random.ts';
import { newProcess, type Process, type Schedule } from '../schedule.ts';

/** A statement's effect, decided while it holds its locks, and not visible to others before it is committed. */
export interface Effect<Result> {
  readonly result: Result;
  commit?(): void;
}

/** One autocommitted statement: which locks it takes, in order, and what it does once it has them. */
export interface CustomerStatement<Result> {
  readonly label: string;
  readonly locks: readonly string[];
  run(tables: Tables): Effect<Result>;
}

/** What a connection that broke leaves behind: whether the statement was committed, nobody knows. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

export interface Row {
  readonly id: string;
  readonly initial: number;
  version: number;
  edited: number;
}

/** The committed state. */
export class Tables {
  readonly rows = new Map<string, Row>();
  readonly receipts: Receipt[] = [];

  receipt(key: string): Receipt | undefined {
    return this.receipts.find((receipt) => receipt.key === key);
  }
}

const server = newProcess('customer database');

/**
 * A PostgreSQL server as far as guarded writes can tell: READ COMMITTED, a statement that needs a locked row or an
 * uncommitted unique key waits for the transaction that has it and then judges anew, and a connection may break
 * before the statement, while it commits, or after.
 */
export class CustomerDatabase {
  readonly tables = new Tables();
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #held = new Map<string, (() => void)[]>();

  constructor(schedule: Schedule, random: Random, faults: Faults) {
    this.#schedule = schedule;
    this.#random = random;
    this.#faults = faults;
  }

  addRow(id: string, version: number): void {
    this.tables.rows.set(id, { id, initial: version, version, edited: 0 });
  }

  /** Whether a statement holds or awaits a lock. */
  get isBusy(): boolean {
    return this.#held.size > 0;
  }

  get rows(): CustomerRow[] {
    return [...this.tables.rows.values()];
  }

  /** Somebody sets a row's version directly: forward by an edit, or back by restoring an older copy. */
  async edit(client: Process, id: string, version: number): Promise<void> {
    const lock = `row ${id}`;
    await this.#take(lock);
    const row = this.tables.rows.get(id);
    if (row !== undefined) {
      row.edited += version - row.version;
      row.version = version;
    }
    this.#release([lock]);
    await this.#schedule.sleep(client, 0, 'edited');
  }

  /** Runs a statement on behalf of a client. Throws `ConnectionLost` when no answer will come. */
  async execute<Result>(client: Process, statement: CustomerStatement<Result>): Promise<Result> {
    await this.#schedule.sleep(server, this.#random.between(0, 3), statement.label);
    if (this.#faults.strikes('connection_lost_before')) return this.#break(client);
    for (const lock of statement.locks) await this.#take(lock);
    const { result, commit } = statement.run(this.tables);
    if (commit !== undefined && this.#faults.strikes('connection_lost_in_commit')) {
      void this.#endInTheDark(statement.locks, commit);
      return this.#break(client);
    }
    await this.#end(client, statement.locks, commit);
    return this.#answer(client, result);
  }

  async #answer<Result>(client: Process, result: Result): Promise<Result> {
    if (this.#faults.strikes('connection_lost_after')) return this.#break(client);
    await this.#schedule.sleep(client, this.#random.between(0, 2), 'rows');
    return result;
  }

  async #break(client: Process): Promise<never> {
    await this.#schedule.sleep(client, this.#random.between(0, 50), 'connection lost');
    throw new ConnectionLost('the connection to the database was lost');
  }

  /** Nobody listens any more: the transaction is committed, perhaps much later, or rolled back. */
  async #endInTheDark(locks: readonly string[], commit: () => void): Promise<void> {
    await this.#schedule.sleep(server, this.#random.between(0, 15_000), 'in doubt');
    if (this.#random.chance(0.6)) commit();
    this.#release(locks);
  }

  /** The server goes on without its client, unless it notices in time that that is gone. */
  async #end(client: Process, locks: readonly string[], commit: (() => void) | undefined): Promise<void> {
    if (commit !== undefined) {
      await this.#schedule.sleep(server, this.#random.between(0, 4), 'commit');
      if (client.isAlive || this.#random.chance(0.6)) commit();
    }
    this.#release(locks);
  }

  #take(lock: string): Promise<void> | undefined {
    const queue = this.#held.get(lock);
    if (queue === undefined) {
      this.#held.set(lock, []);
      return undefined;
    }
    return new Promise((resolve) => {
      queue.push(() => {
        this.#schedule.after(server, 0, 'lock', resolve);
      });
    });
  }

  #release(locks: readonly string[]): void {
    for (const lock of locks) {
      const next = this.#held.get(lock)?.shift();
      if (next === undefined) this.#held.delete(lock);
      else next();
    }
  }
}
