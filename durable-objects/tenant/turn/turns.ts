import type { Urgency } from '../limits/counted-calls.ts';
import { countedIn, ExpressionStatistics } from '../policies/expression-statistics.ts';
import { DatabaseFault } from '../storage/database.ts';
import { readRows } from '../storage/read.ts';
import { settle } from '../storage/settle.ts';
import { writeStatements } from '../storage/write.ts';
import type { Command } from './command.ts';
import { earliestDeadline } from './deadlines.ts';
import { type Decided, decideTurn } from './decide-turn.ts';
import type { Deps } from './deps.ts';
import { addLacks, addWaiters, lacksAny, type Needs, needsOf } from './needs.ts';
import { type Reply, refuse } from './reply.ts';
import { RowMemory } from './row-memory.ts';
import type { Changes, Rows } from './rows.ts';
import type { Tried } from './tried.ts';
import { TurnRecord } from './turn-record.ts';
import { World } from './world.ts';

/** Commands that one turn takes: bounds its batch, and how long the first of them waits. */
export const MOST_COMMANDS_A_TURN = 256;
/** Commands that may wait; beyond this the tenant says early that it cannot keep up. */
export const MOST_WAITING = 2_048;
/** Places besides for what runners report, and then for what holds work back: no flood may keep out the stop that ends it. */
export const MOST_RESERVED = 512;
const places: Readonly<Record<Urgency, number>> = {
  ordinary: MOST_WAITING,
  reporting: MOST_WAITING + MOST_RESERVED,
  urgent: MOST_WAITING + 2 * MOST_RESERVED,
};
const MOST_TRIES = 5;
/**
 * A capability leads to its contract, that to policies, those to counters; a step that failed to those behind it and
 * what they wait for. More steps there are not.
 */
const MOST_READS = 12;
/** So many commands at a time are no reason to let one of them wait for the others. */
const A_FEW = 3;
/** A turn's first command waits for this many rounds of arrivals at most, each about a millisecond. */
const MOST_YIELDS = 16;
/** ... and for this many in which nobody arrived, while there are fewer than lately. */
const MOST_IDLE_YIELDS = 2;

/** A rule asked for one more row each time that it was given what it had asked for. */
class Undecidable extends Error {
  override name = 'Undecidable';
}

/** What turns have cost since this object started; how the newest went is in the `TurnRecord`. */
export interface Tally {
  turns: number;
  commands: number;
  batches: number;
  retries: number;
  rowsRead: number;
  rowsWritten: number;
  /** Each costs a row written, in the object's own storage. */
  alarmsSet: number;
}

interface Place {
  readonly command: Command;
  readonly answer: PromiseWithResolvers<Reply>;
  readonly lead: PromiseWithResolvers<void>;
}

interface Decision {
  readonly rows: Rows;
  readonly isRemembered: boolean;
  readonly world: World;
  readonly decided: Decided;
}

/**
 * The turns of one tenant: one batch in flight, and meanwhile commands gather for the next (group commit).
 *
 * A turn runs on behalf of one of its own waiting commands, because the platform counts database calls by event:
 * whoever finds nobody leading leads one turn, then passes on to the first who still waits.
 */
export class Turns {
  readonly tally: Tally = {
    turns: 0,
    commands: 0,
    batches: 0,
    retries: 0,
    rowsRead: 0,
    rowsWritten: 0,
    alarmsSet: 0,
  };
  readonly #tenant: string;
  readonly #deps: Deps;
  #waiting: Place[] = [];
  #isLed = false;
  /** How many commands turns had lately, which is how many may be expected now. */
  #company = 0;
  readonly #memory = new RowMemory();
  readonly record = new TurnRecord();
  readonly #expressions: ExpressionStatistics;

  constructor(tenant: string, deps: Deps, expressions = new ExpressionStatistics(() => deps.now())) {
    this.#tenant = tenant;
    this.#deps = deps;
    this.#expressions = expressions;
  }

  /** Commands that wait for a turn. */
  get depth(): number {
    return this.#waiting.length;
  }

  /** Decides a command in a turn. The answer comes only after its facts are durable. */
  async submit(command: Command, urgency: Urgency = 'ordinary'): Promise<Reply> {
    if (this.#waiting.length >= places[urgency]) {
      this.record.counts.overloads += 1;
      return refuse(
        'overloaded',
        'more requests wait for this project than it can take; nothing was changed',
      );
    }
    const place: Place = { command, answer: Promise.withResolvers(), lead: Promise.withResolvers() };
    this.#waiting.push(place);
    if (!this.#isLed) {
      this.#isLed = true;
      await this.#lead();
    } else {
      const isAnswered = await Promise.race([
        place.answer.promise.then(() => true),
        place.lead.promise.then(() => false),
      ]);
      if (!isAnswered) await this.#lead();
    }
    return place.answer.promise;
  }

  /** Leads one turn. Whatever happens, every member of the group gets an answer and leadership passes on. */
  async #lead(): Promise<void> {
    let group: Place[] = [];
    try {
      if (this.#company > A_FEW) await this.#gather();
      group = this.#waiting.splice(0, MOST_COMMANDS_A_TURN);
      this.#company = Math.max(group.length, this.#company >> 1);
      const replies = await this.#recorded(group.map((place) => place.command));
      for (const [index, place] of group.entries()) place.answer.resolve(replies[index] ?? lost());
    } catch (fault) {
      for (const place of group) place.answer.reject(fault);
    } finally {
      const next = this.#waiting[0];
      if (next === undefined) this.#isLed = false;
      else next.lead.resolve();
    }
  }

  /**
   * Lets arrive what is on its way, as long as more keeps coming or fewer have come than lately. A command that is
   * alone, or nearly, never comes here: it would wait for nobody.
   */
  async #gather(): Promise<void> {
    for (let yields = 0; yields < MOST_YIELDS; yields += 1) {
      const { length } = this.#waiting;
      await this.#deps.yield();
      const isQuiet = this.#waiting.length === length;
      if (isQuiet && (length >= this.#company || yields >= MOST_IDLE_YIELDS)) return;
    }
  }

  /** Runs a turn, and notes what it took. */
  async #recorded(commands: readonly Command[]): Promise<readonly Reply[]> {
    const begunAt = this.#deps.now();
    const { rowsRead, rowsWritten } = this.tally;
    try {
      return await this.#run(commands);
    } finally {
      const now = this.#deps.now();
      if (commands.some(({ ask }) => ask.type === 'sweep')) this.record.lastSweepAt = now;
      this.record.add({
        ms: Math.max(0, now - begunAt),
        commands: commands.length,
        rowsRead: this.tally.rowsRead - rowsRead,
        rowsWritten: this.tally.rowsWritten - rowsWritten,
      });
    }
  }

  async #run(commands: readonly Command[]): Promise<readonly Reply[]> {
    this.tally.turns += 1;
    this.tally.commands += commands.length;
    const tried: Tried[] = [];
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      if (attempt > 0) this.tally.retries += 1;
      try {
        const replies = await this.#attempt(commands, tried, attempt === 0);
        if (replies !== undefined) return replies;
      } catch (fault) {
        this.#memory.forget();
        if (fault instanceof Undecidable) return this.#runApart(commands, fault);
        if (!(fault instanceof DatabaseFault)) throw fault;
        this.record.counts[fault.kind === 'stale_writer' ? 'failedGuards' : 'lostBatches'] += 1;
      }
    }
    return commands.map(lost);
  }

  /** One of them cannot be decided: the others of its group get their answers all the same. */
  async #runApart(commands: readonly Command[], fault: Undecidable): Promise<readonly Reply[]> {
    if (commands.length === 1) {
      this.#deps.fault(fault);
      return [refuse('internal_error', 'something is wrong on our side; nothing was changed')];
    }
    const replies: Reply[] = [];
    for (const command of commands) replies.push(...(await this.#run([command])));
    return replies;
  }

  /**
   * One try: read unless all is remembered, decide, write. Undefined when the batch may not stand and everything must
   * be decided again.
   */
  async #attempt(
    commands: readonly Command[],
    tried: Tried[],
    mayRecall: boolean,
  ): Promise<readonly Reply[] | undefined> {
    const now = this.#deps.now();
    const decision = await this.#decide(commands, tried, now, mayRecall);
    if ('landed' in decision) return this.#finish(decision.landed);
    const { rows, isRemembered, world, decided } = decision;
    const changes = world.changes(this.#deps.nonce());
    if (changes === undefined && isRemembered) {
      // Nothing will be written, so no guard would tell that the memory is outdated.
      return this.#attempt(commands, tried, false);
    }
    const refusal = changes === undefined ? undefined : await this.#deps.refusalOfWrites?.();
    if (refusal !== undefined) return commands.map(() => ({ ok: false, refusal }));
    const deadline = earliestDeadline(world, changes);
    if (deadline !== undefined && (await this.#deps.wakeAt(deadline))) this.tally.alarmsSet += 1;
    if (rows.head === undefined || changes === undefined) return this.#finish({ decided });
    const attempt: Tried = { base: rows.head, changes, decided };
    tried.push(attempt);
    await this.#counted.batch(writeStatements(rows.head, changes));
    this.#memory.follow(changes);
    return this.#finish(attempt);
  }

  /** Reads, or recalls, and decides; again, with more, as often as a rule looked for what was not there. */
  async #decide(
    commands: readonly Command[],
    tried: readonly Tried[],
    now: number,
    mayRecall: boolean,
  ): Promise<Decision | { readonly landed: Tried }> {
    const needs = needsOf(commands);
    addWaiters(needs, commands, this.#deps.waiters());
    for (let reads = 0; reads < MOST_READS; reads += 1) {
      const remembered = mayRecall ? this.#memory.recall(needs, now) : undefined;
      this.record.counts[remembered === undefined ? 'read' : 'recalled'] += 1;
      const rows = remembered ?? (await this.#read(needs, now));
      const landed = await settle(this.#counted, rows.head, tried);
      if (landed !== undefined) return { landed };
      const world = new World(this.#tenant, rows, needs, this.#deps.limits);
      const decided = countedIn(this.#expressions, () =>
        decideTurn(world, commands, this.#deps.waiters(), now),
      );
      if (!lacksAny(world.lacks)) return { rows, isRemembered: remembered !== undefined, world, decided };
      addLacks(needs, world.lacks);
    }
    throw new Undecidable('rules never stop looking for more rows');
  }

  async #read(needs: Needs, now: number): Promise<Rows> {
    const rows = await readRows(this.#counted, this.#tenant, needs, now);
    this.#memory.learn(needs, rows);
    return rows;
  }

  /** The facts are durable: now, and only now, the waiting polls and watchers may know. */
  #finish({ base, changes, decided }: Pick<Tried, 'decided'> & Partial<Tried>): readonly Reply[] {
    this.#deps.admit(decided.admitted);
    this.#deps.dismiss(decided.dismissed);
    for (const fault of decided.faults) this.#deps.fault(fault);
    for (const answer of decided.deliveries) this.#deps.deliver(answer);
    if (base !== undefined && changes !== undefined) {
      this.#deps.changed(changedIds(changes));
      this.#deps.committed?.(base, changes);
    }
    return decided.replies;
  }

  readonly #counted = {
    batch: async (statements: Parameters<Deps['database']['batch']>[0]) => {
      this.tally.batches += 1;
      const results = await this.#deps.database.batch(statements);
      for (const { rowsRead, rowsWritten } of results) {
        this.tally.rowsRead += rowsRead;
        this.tally.rowsWritten += rowsWritten;
      }
      return results;
    },
  };
}

function lost(): Reply {
  return refuse(
    'unavailable',
    'the record could not be reached; whether this took effect is not known',
    'send the same request again with the same Idempotency-Key',
  );
}

/** Proposals and runs that somebody may be watching. */
function changedIds({ proposals, rows }: Changes): readonly string[] {
  return [...proposals.map(({ after }) => after.proposal_id), ...rows.runs.map(({ after }) => after.run_id)];
}
