/**
 * Runs so many tasks at once, and those of one row one after another, in the order in which they came: a row's
 * second change was approved on top of its first.
 */
export class Lanes {
  readonly #count: number;
  readonly #lastOfRow = new Map<string, Promise<void>>();
  readonly #wake = new Set<() => void>();
  #taken = 0;

  constructor(count: number) {
    this.#count = count;
  }

  get taken(): number {
    return this.#taken;
  }

  get free(): number {
    return this.#count - this.#taken;
  }

  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  /** Takes a lane until the task has ended. A task must not reject: it reports its own failure. */
  run(row: string, task: () => Promise<void>): void {
    this.#taken += 1;
    const run = (this.#lastOfRow.get(row) ?? Promise.resolve()).then(task).finally(() => {
      this.#taken -= 1;
      if (this.#lastOfRow.get(row) === run) this.#lastOfRow.delete(row);
      for (const wake of this.#wake) wake();
    });
    this.#lastOfRow.set(row, run);
  }

  /** Resolves when the condition holds, which is looked at whenever a task has ended, or when the signal aborts. */
  until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    if (condition() || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        if (!condition() && !signal?.aborted) return;
        this.#wake.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }
}
