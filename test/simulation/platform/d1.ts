import type {
  Parameter,
  Statement,
  StatementResult,
} from '@countersign/durable-objects/tenant/storage/database';
import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import { newProcess, type Process, type Schedule } from '../schedule.ts';
import { isWrite, type RecordedDatabase, type Sender } from './record.ts';

interface FakeStatement extends Statement {
  bind(...params: Parameter[]): FakeStatement;
}

interface Answer {
  resolve(results: unknown): void;
  reject(cause: Error): void;
}

type Route = 'done' | 'failed_before' | 'failed_after' | 'unanswered' | 'lost' | 'late' | 'twice';

const PASSING_TROUBLE = [
  'D1_ERROR: Network connection lost.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
  'D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.',
  'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
] as const;

/**
 * The way from one instance to D1 and back. What was sent arrives, or does not, whatever becomes of the instance
 * meanwhile; an answer reaches only an instance that still lives.
 */
export class D1Link {
  /** Batches that were sent and have not arrived yet. */
  underWay = 0;
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #database: RecordedDatabase;
  readonly #d1: Process = newProcess('d1');

  constructor(schedule: Schedule, random: Random, faults: Faults, database: RecordedDatabase) {
    this.#schedule = schedule;
    this.#random = random;
    this.#faults = faults;
    this.#database = database;
  }

  /** The D1 binding as one instance sees it. */
  bindingFor(instance: Process) {
    const prepare = (sql: string, params: readonly Parameter[] = []): FakeStatement => ({
      sql,
      params,
      bind: (...bound) => prepare(sql, bound),
    });
    const batch = (statements: readonly FakeStatement[]) =>
      new Promise((resolve, reject) => {
        this.#send(instance, statements, { resolve, reject });
      });
    return { prepare: (sql: string) => prepare(sql), batch };
  }

  #send(instance: Process, statements: readonly Statement[], answer: Answer): void {
    const route = this.#route();
    if (route !== 'done') this.#database.jolts.push(this.#schedule.now);
    if (instance.isStale) this.#faults.note('stale_object_resumed');
    const kind = isWrite(statements) ? 'write' : 'read';
    const travel = this.#random.between(0, 3);
    if (route === 'lost') return;
    if (route === 'failed_before') {
      this.#fail(instance, answer, travel);
      return;
    }
    if (route === 'late') {
      this.#arrive(instance, statements, kind, this.#random.between(200, 60_000), undefined);
      this.#fail(instance, answer, this.#random.between(1, 2_000));
      return;
    }
    const isSilent = route === 'unanswered' || route === 'failed_after';
    this.#arrive(instance, statements, kind, travel, isSilent ? undefined : answer);
    if (route === 'failed_after') this.#fail(instance, answer, travel + this.#random.between(1, 5));
    if (route === 'twice')
      this.#arrive(instance, statements, kind, travel + this.#random.between(0, 50), undefined);
  }

  #route(): Route {
    if (this.#faults.strikes('batch_failed_before')) return 'failed_before';
    if (this.#faults.strikes('batch_failed_after')) return 'failed_after';
    if (this.#faults.strikes('batch_unanswered')) return 'unanswered';
    if (this.#faults.strikes('batch_lost')) return 'lost';
    if (this.#faults.strikes('batch_late')) return 'late';
    return this.#faults.strikes('batch_twice') ? 'twice' : 'done';
  }

  #arrive(
    instance: Process,
    statements: readonly Statement[],
    kind: string,
    delay: number,
    answer: Answer | undefined,
  ): void {
    const turn = this.#database.turn;
    this.underWay += 1;
    this.#schedule.after(this.#d1, delay, `${kind} of ${instance.name}`, () => {
      this.underWay -= 1;
      if (kind === 'write' && this.#database.turn > turn + 1) this.#faults.note('late_batch_after_newer');
      const outcome = this.#run({ instance: instance.name, at: this.#schedule.now }, statements);
      if (answer === undefined) return;
      const commit = this.#database.commits.length - 1;
      this.#schedule.after(instance, this.#travelBack(), `answer to ${instance.name}`, () => {
        if (kind === 'write') this.#database.confirmed(commit, this.#schedule.clock(instance));
        if (outcome instanceof Error) answer.reject(outcome);
        else answer.resolve(outcome.map(d1Result));
      });
    });
  }

  #travelBack(): number {
    if (!this.#faults.strikes('batch_slow')) return this.#random.between(0, 3);
    this.#database.jolts.push(this.#schedule.now);
    return this.#random.between(200, 15_000);
  }

  #run(sender: Sender, statements: readonly Statement[]): StatementResult[] | Error {
    try {
      const results = this.#database.run(sender, statements);
      if (isWrite(statements))
        this.#schedule.trace?.(`  committed turn ${this.#database.turn} up to entry ${this.#database.seq}`);
      return results;
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      this.#schedule.trace?.(`  ${cause.message}`);
      if (cause.message.includes('stale_writer')) this.#faults.note('stale_batch_refused');
      return cause;
    }
  }

  #fail(instance: Process, answer: Answer, delay: number): void {
    const text = this.#random.pick(PASSING_TROUBLE);
    this.#schedule.after(instance, delay, `fault to ${instance.name}`, () => answer.reject(new Error(text)));
  }
}

function d1Result({ rows, rowsRead, rowsWritten }: StatementResult) {
  return { success: true, results: rows, meta: { rows_read: rowsRead, rows_written: rowsWritten } };
}
