import { Waits } from '@countersign/client/worker/waits';

/** A task that has been taken and waits for its row, and then for a lane. */
interface Waiting {
  readonly row: string;
  readonly task: () => Promise<void>;
}

/**
 * Runs so many tasks at once, and those of one row one after another, in the order in which they came: a row's
 * second change was approved on top of its first. When every lane is taken, as many tasks again may be taken ahead,
 * so that the next ones are here when a lane becomes free.
 */
export class Lanes {
  readonly #count: number;
  /** Those whose row is free, in the order in which they came. */
  readonly #next: Waiting[] = [];
  /** The tasks of a row that wait for another one of it, by rows of which a task waits or runs. */
  readonly #behind = new Map<string, Waiting[]>();
  readonly #waits = new Waits();
  #taken = 0;
  #running = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** How many tasks have been taken and have not ended. */
  get taken(): number {
    return this.#taken;
  }

  /** How many more may be taken now. */
  get room(): number {
    if (this.#taken > this.#count) return 0;
    return this.#taken < this.#count ? this.#count - this.#taken : this.#count;
  }

  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  /** Takes a task. It must not reject: it reports its own failure. */
  run(row: string, task: () => Promise<void>): void {
    this.#taken += 1;
    const behind = this.#behind.get(row);
    if (behind === undefined) {
      this.#behind.set(row, []);
      this.#next.push({ row, task });
      this.#start();
    } else {
      behind.push({ row, task });
    }
  }

  /** Resolves when the condition holds, which is looked at whenever a task has ended, or when the signal aborts. */
  until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    return this.#waits.until(condition, signal);
  }

  #start(): void {
    while (this.#running < this.#count) {
      const next = this.#next.shift();
      if (next === undefined) return;
      this.#running += 1;
      void next.task().finally(() => this.#end(next.row));
    }
  }

  #end(row: string): void {
    this.#running -= 1;
    this.#taken -= 1;
    const after = this.#behind.get(row)?.shift();
    if (after === undefined) this.#behind.delete(row);
    else this.#next.push(after);
    this.#start();
    this.#waits.look();
  }
}
