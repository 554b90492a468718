/** Turns that percentiles are taken over: the newest. */
const MOST_TURNS = 512;

/** What one turn was. */
export interface TurnFacts {
  /** From taking its commands to the last of their answers, in milliseconds. */
  readonly ms: number;
  readonly commands: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

/** Counts since the object began. */
interface TurnCounts {
  /** Batches that the head's guard refused: somebody else had moved it. */
  failedGuards: number;
  /** Batches whose answer was lost. */
  lostBatches: number;
  /** Commands that were told to come back later, because too many waited. */
  overloads: number;
  /** Reads that memory made unnecessary, and those that it did not. */
  recalled: number;
  read: number;
}

/** How the newest turns went. It is memory, so it begins anew with each object, and never grows. */
export class TurnRecord {
  readonly counts: TurnCounts = { failedGuards: 0, lostBatches: 0, overloads: 0, recalled: 0, read: 0 };
  /** Unix milliseconds; undefined where none ran since the object began. */
  lastSweepAt: number | undefined;
  readonly #turns: TurnFacts[] = [];
  #next = 0;

  add(turn: TurnFacts): void {
    this.#turns[this.#next] = turn;
    this.#next = (this.#next + 1) % MOST_TURNS;
  }

  /** Of the turns that are remembered: each list of figures as percentiles. */
  summary() {
    const of = (pick: (turn: TurnFacts) => number) => percentiles(this.#turns.map(pick));
    return {
      count: this.#turns.length,
      most: MOST_TURNS,
      ms: of(({ ms }) => ms),
      commands: of(({ commands }) => commands),
      rows_read: of(({ rowsRead }) => rowsRead),
      rows_written: of(({ rowsWritten }) => rowsWritten),
    };
  }
}

/** The value that so much of all is not above; null where there is none. */
function percentiles(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
