import { reach } from '../failpoints.ts';
import { type ApplyOptions, apply } from './apply.ts';
import { DatabaseFault } from './database-fault.ts';
import { newlyApplied } from './receipt.ts';
import type { Row, Session } from './session.ts';
import type { Outcome } from './source-database.ts';
import type { Filling } from './table-writer.ts';
import { passOf, type Table } from './write-once.ts';

/** Fewer than this are faster in sessions of their own, at once. */
const LEAST_TOGETHER = 4;
/** More than this would hold their rows too long, for a commit that has long been paid for. */
const MOST_TOGETHER = 50;

/** A plan that waits to be carried out. */
interface Waiting {
  readonly filling: Filling;
  readonly options: ApplyOptions;
  readonly settle: (outcome: Promise<Outcome>) => void;
}

/**
 * Carries out plans of one table, those that came at once in one statement where the engine has one. Nothing waits
 * for others to come: a plan that is alone goes alone, at once. What a common statement did not do, for whatever
 * reason, is carried out alone, so that one plan that cannot be carried out holds up no other.
 */
export class GatheredWrites<S extends Session> {
  readonly #table: Table<S>;
  #waiting: Waiting[] = [];

  constructor(table: Table<S>) {
    this.#table = table;
  }

  apply(filling: Filling, options: ApplyOptions): Promise<Outcome> {
    if (this.#table.writer.prepareMany === undefined) return apply(passOf(this.#table, filling), options);
    return new Promise((resolve) => {
      // After all that this turn of the event loop brings, such as the other jobs of the same claim.
      if (this.#waiting.length === 0) process.nextTick(() => this.#carryOut());
      this.#waiting.push({ filling, options, settle: resolve });
    });
  }

  #carryOut(): void {
    const parts = partsOf(this.#waiting);
    this.#waiting = [];
    for (const part of parts) {
      if (part.length < LEAST_TOGETHER) this.#alone(part);
      else void this.#together(part);
    }
  }

  #alone(part: readonly Waiting[], inDoubt = false): void {
    for (const { filling, options, settle } of part) {
      settle(apply(passOf(this.#table, filling), { ...options, inDoubt }));
    }
  }

  async #together(part: readonly Waiting[]): Promise<void> {
    let written = new Map<string | null, Row>();
    let isSent = false;
    let inDoubt = false;
    try {
      written = await this.#send(part, () => {
        isSent = true;
      });
      if (written.size > 0) await reach('after_commit');
    } catch (error) {
      // It will show again in those that go alone, where each is told of its own.
      inDoubt = isSent && (!(error instanceof DatabaseFault) || error.meaning.kind === 'unknown');
    }
    for (const waiting of part) {
      const { plan } = waiting.filling;
      const [, version = null, hash = null] = written.get(plan.idempotencyKey) ?? [];
      // Of two plans with one key, one has been carried out; the other is to learn of it.
      written.delete(plan.idempotencyKey);
      if (hash === null) this.#alone([waiting], inDoubt);
      else waiting.settle(Promise.resolve(newlyApplied(plan, [version, hash])));
    }
  }

  /** The receipts of what was written, by their keys; `begun` is told when the statement goes out. */
  #send(part: readonly Waiting[], begun: () => void): Promise<Map<string | null, Row>> {
    const { pool, writer } = this.#table;
    const mayBegin = () => part.every(({ options }) => options.authority.holds());
    return pool.lend(async (session) => {
      const send = await writer.prepareMany?.(
        session,
        part.map(({ filling }) => filling),
      );
      await reach('before_write');
      // Where the authority of one has lapsed, each goes alone and regains its own.
      if (send === undefined || !mayBegin()) return new Map();
      begun();
      return new Map((await send()).map((row) => [row[0] ?? null, row]));
    });
  }
}

/** Parts that one statement can carry: of plans that set the same columns, and not too many. */
function partsOf(waiting: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const open = new Map<string, Waiting[]>();
  const parts: Waiting[][] = [];
  for (const each of waiting) {
    const columns = each.filling.plan.columns.join();
    const part = open.get(columns);
    if (part !== undefined && part.length < MOST_TOGETHER) part.push(each);
    else {
      const begun = [each];
      open.set(columns, begun);
      parts.push(begun);
    }
  }
  return parts;
}
