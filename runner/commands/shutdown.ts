import type { Log } from '../log.ts';

/** How long the runner waits for others, the control plane and databases that are away, once it is to stop. */
export const GRACE_MS = 10_000;

/**
 * The stages of stopping. The first signal drains: no new work, what has begun is finished and reported. The second,
 * or the grace time, ends all waiting. The third, or the grace time after the second, ends the process.
 */
export class Shutdown {
  readonly #log: Log;
  readonly #exit: () => void;
  readonly #drain = new AbortController();
  readonly #giveUp = new AbortController();
  #signals = 0;
  #timers: NodeJS.Timeout[] = [];

  /** @param exit ends the process at once */
  constructor(log: Log, exit: () => void) {
    this.#log = log;
    this.#exit = exit;
  }

  get drain(): AbortSignal {
    return this.#drain.signal;
  }

  get giveUp(): AbortSignal {
    return this.#giveUp.signal;
  }

  /** Whether somebody asked for more than draining. */
  get wasForced(): boolean {
    return this.#signals > 1;
  }

  /** Goes one stage further. */
  readonly next = (cause: string): void => {
    this.#signals += 1;
    this.#log('info', stages[this.#signals] ?? 'exiting', { cause });
    if (this.#signals === 1) {
      this.#drain.abort();
      this.#after(GRACE_MS, () => this.#giveUp.abort());
    } else if (this.#signals === 2) {
      this.#giveUp.abort();
      this.#after(GRACE_MS, this.#exit);
    } else {
      this.#exit();
    }
  };

  /** Nothing is left to be stopped. */
  done(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #after(ms: number, action: () => void): void {
    this.#timers.push(setTimeout(action, ms));
  }
}

const stages: Readonly<Record<number, string>> = { 1: 'draining', 2: 'giving_up' };
