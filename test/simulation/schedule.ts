import type { Random } from './random.ts';

/** Something that runs, can be paused, and can die: an instance of the object, a runner, an agent. */
export interface Process {
  readonly name: string;
  isAlive: boolean;
  /** How far its own clock is ahead of true time, in milliseconds. */
  clockOffset: number;
  pausedUntil: number;
  /** Timers that it has set and that are still to come. */
  timers: number;
  /** Another has taken its place, which it does not know. */
  isStale: boolean;
}

export interface Scheduled {
  time: number;
  readonly tie: number;
  readonly process: Process;
  readonly label: string;
  run: (() => void) | undefined;
}

export function newProcess(name: string, clockOffset = 0): Process {
  return { name, isAlive: true, clockOffset, pausedUntil: 0, timers: 0, isStale: false };
}

/**
 * Owns time and every promise that somebody outside a pure function waits for: each is an event here, and happens
 * when this says so. Events run by true time, those of the same millisecond in an order that chance gives them.
 */
export class Schedule {
  /** True time, Unix milliseconds. No process sees it: each has its own clock. */
  now: number;
  /** On whose behalf code runs now; everything that it begins belongs to that process. */
  current: Process = newProcess('nobody');
  steps = 0;
  /** Takes a line for each event, and for what others want to tell of it. */
  trace: ((line: string) => void) | undefined;
  readonly #random: Random;
  readonly #heap: Scheduled[] = [];

  constructor(random: Random, now: number) {
    this.#random = random;
    this.now = now;
  }

  /** The current process's own clock. */
  clock(process: Process = this.current): number {
    return this.now + process.clockOffset;
  }

  /** Runs something later for a process, unless that has died by then. */
  after(process: Process, delay: number, label: string, run: () => void): Scheduled {
    const event = { time: this.now + Math.max(0, delay), tie: this.#random.uint32(), process, label, run };
    this.#push(event);
    return event;
  }

  /** Waits for nothing but time. Its end is no step of the history: nothing happens in it. */
  think(process: Process, delay: number, label: string): Promise<void> {
    return new Promise((resolve) => {
      this.after(process, delay, label, () => {
        this.steps -= 1;
        resolve();
      });
    });
  }

  sleep(process: Process, delay: number, label = 'sleep'): Promise<void> {
    return new Promise((resolve) => {
      this.after(process, delay, label, resolve);
    });
  }

  /** Takes the next event and lets everything that follows from it come to rest. False when there is none. */
  async step(): Promise<boolean> {
    const event = this.#next();
    if (event === undefined) return false;
    this.now = Math.max(this.now, event.time);
    this.current = event.process;
    this.steps += 1;
    this.trace?.(`${event.process.name}: ${event.label}`);
    event.run?.();
    await quiescent();
    return true;
  }

  #next(): Scheduled | undefined {
    for (;;) {
      const event = this.#pop();
      if (event === undefined) return undefined;
      const { process } = event;
      if (event.run === undefined || !process.isAlive) continue;
      if (process.pausedUntil <= Math.max(this.now, event.time)) return event;
      event.time = process.pausedUntil;
      this.#push(event);
    }
  }

  #push(event: Scheduled): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = event;
  }

  #pop(): Scheduled | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const isRight = right !== undefined && left !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      heap[place] = child;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.time < b.time || (a.time === b.time && a.tie < b.tie);
}

/**
 * All microtasks have run: nothing here does real I/O, so nothing else can be pending. A tick comes after the last of
 * them, and costs less than a round of the event loop.
 */
function quiescent(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
