import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../simulation/random.ts';
import type { RunnerPost, World } from '../world/world.ts';
import {
  firstRoundLength,
  type Shape,
  type Strike,
  type StrikeKind,
  strikeKinds,
  strikes,
} from './strikes.ts';

export interface NemesisOptions {
  readonly seed: number;
  readonly paceMs: number;
  readonly leaseSeconds: number;
  /** Told of each strike when it begins. */
  onStrike(strike: Strike): void;
}

/** Strikes at a world, one fault after the other by one seed; those at different targets overlap. */
export class Nemesis {
  readonly counts = new Map<StrikeKind, number>(strikeKinds.map((kind) => [kind, 0]));
  /** Crashes of each database, by its name. */
  readonly crashes = new Map<string, number>();
  readonly #world: World;
  readonly #options: NemesisOptions;
  readonly #shape: Shape;
  /** What goes on at each target: the next strike there waits for it. */
  readonly #targets = new Map<string, Promise<void>>();
  #struck = 0;

  constructor(world: World, options: NemesisOptions) {
    this.#world = world;
    this.#options = options;
    this.#shape = {
      runners: world.posts.length,
      databases: world.shops.length,
      leaseSeconds: options.leaseSeconds,
    };
  }

  /** Whether there was a strike of each kind, and each database has lost the answer of a commit. */
  get hasDoneAll(): boolean {
    const cuts = [...this.#world.cuts.values()];
    return this.#struck >= firstRoundLength(this.#shape) && cuts.every(({ total }) => total > 0);
  }

  /** Strikes until the signal; resolves when what was struck stands again. Throws when something does not. */
  async run(isOver: AbortSignal): Promise<void> {
    const random = new Random(this.#options.seed);
    for (const strike of strikes(random, this.#shape)) {
      const gapMs = random.between(0, this.#options.paceMs * 2);
      await pause(gapMs, undefined, { signal: isOver }).catch(() => undefined);
      if (isOver.aborted) break;
      await this.#begin(strike, isOver);
    }
    await Promise.all(this.#targets.values());
    for (const cuts of this.#world.cuts.values()) cuts.end();
  }

  /** Resolves when the target is free and the strike has begun; its end is waited for by the next one there. */
  async #begin(strike: Strike, isOver: AbortSignal): Promise<void> {
    const target = targetOf(strike);
    await this.#targets.get(target);
    if (isOver.aborted) return;
    this.#struck += 1;
    this.counts.set(strike.kind, (this.counts.get(strike.kind) ?? 0) + 1);
    this.#options.onStrike(strike);
    const striking = this.#strike(strike, isOver);
    // Who waits for it hears of its failure; that may be a while later.
    striking.catch(() => undefined);
    this.#targets.set(target, striking);
  }

  async #strike(strike: Strike, isOver: AbortSignal): Promise<void> {
    const holdFor = (ms: number) => pause(ms, undefined, { signal: isOver }).catch(() => undefined);
    switch (strike.kind) {
      case 'runner killed':
        return this.#post(strike.runner).unit.kill();
      case 'runner clock wrong':
        return this.#post(strike.runner).unit.kill(strike.skewMs);
      case 'runner told to end':
        return this.#post(strike.runner).unit.terminate();
      case 'runner paused': {
        const { unit } = this.#post(strike.runner);
        unit.pause();
        // Not cut short at the end: a pause that no lease outlives is what this is about.
        await pause(strike.ms);
        return unit.resume();
      }
      case 'database crashed': {
        const { name, server } = at(this.#world.shops, strike.database);
        this.crashes.set(name, (this.crashes.get(name) ?? 0) + 1);
        await server.crash();
        await holdFor(strike.ms);
        return server.restart();
      }
      case 'database lines cut':
        return this.#line(strike).cut();
      case 'commits cut':
        return this.#world.cuts
          .get(at(this.#world.shops, strike.database).name)
          ?.order(strike.times, strike.seed);
      case 'database line silent':
        return silence(this.#line(strike), holdFor(strike.ms));
      case 'database line slow':
        return slow(this.#line(strike), strike.delayMs, holdFor(strike.ms));
      case 'plane killed':
        return this.#world.plane.kill();
      case 'plane lines cut':
        return this.#post(strike.runner).toPlane.cut();
      case 'plane line silent':
        return silence(this.#post(strike.runner).toPlane, holdFor(strike.ms));
      case 'plane line slow':
        return slow(this.#post(strike.runner).toPlane, strike.delayMs, holdFor(strike.ms));
    }
  }

  #post(runner: number): RunnerPost {
    return at(this.#world.posts, runner);
  }

  #line({ database, runner }: { readonly database: number; readonly runner: number }) {
    const line = this.#post(runner).toDatabases.get(at(this.#world.shops, database).name);
    if (line === undefined) throw new Error(`runner ${runner} has no line to database ${database}`);
    return line;
  }
}

function targetOf(strike: Strike): string {
  const database = 'database' in strike ? ` database ${strike.database}` : '';
  const runner = 'runner' in strike ? ` runner ${strike.runner}` : '';
  return `${strike.kind.split(' ')[0]}${database}${runner}`;
}

function at<Item>(items: readonly Item[], place: number): Item {
  const item = items[place];
  if (item === undefined) throw new Error(`there is no target ${place}`);
  return item;
}

type Line = RunnerPost['toPlane'];

async function silence(line: Line, over: Promise<void>): Promise<void> {
  line.silence(true);
  await over;
  line.silence(false);
}

async function slow(line: Line, delayMs: number, over: Promise<void>): Promise<void> {
  line.slow(delayMs);
  await over;
  line.slow(0);
}
