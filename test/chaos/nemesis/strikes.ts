import type { Random } from '../../simulation/random.ts';

/** One fault, with all that chance decides of it. Runners and databases are meant by their place in the world. */
export type Strike =
  | { readonly kind: 'runner killed'; readonly runner: number }
  /** The process stands still for longer than its leases last. */
  | { readonly kind: 'runner paused'; readonly runner: number; readonly ms: number }
  | { readonly kind: 'runner told to end'; readonly runner: number }
  /** Killed, and its successor has a wall clock that is wrong and jumps. */
  | { readonly kind: 'runner clock wrong'; readonly runner: number; readonly skewMs: number }
  | { readonly kind: 'database crashed'; readonly database: number; readonly ms: number }
  | { readonly kind: 'database lines cut'; readonly database: number; readonly runner: number }
  | { readonly kind: 'commits cut'; readonly database: number; readonly times: number; readonly seed: number }
  | {
      readonly kind: 'database line silent';
      readonly database: number;
      readonly runner: number;
      readonly ms: number;
    }
  | {
      readonly kind: 'database line slow';
      readonly database: number;
      readonly runner: number;
      readonly ms: number;
      readonly delayMs: number;
    }
  | { readonly kind: 'plane killed' }
  | { readonly kind: 'plane lines cut'; readonly runner: number }
  | { readonly kind: 'plane line silent'; readonly runner: number; readonly ms: number }
  | {
      readonly kind: 'plane line slow';
      readonly runner: number;
      readonly ms: number;
      readonly delayMs: number;
    };
export type StrikeKind = Strike['kind'];

/** How often each is chosen, of all. */
const weights: Readonly<Record<StrikeKind, number>> = {
  'runner killed': 30,
  'runner paused': 4,
  'runner told to end': 6,
  'runner clock wrong': 6,
  'database crashed': 36,
  'database lines cut': 6,
  'commits cut': 10,
  'database line silent': 4,
  'database line slow': 3,
  'plane killed': 20,
  'plane lines cut': 4,
  'plane line silent': 2,
  'plane line slow': 2,
};
export const strikeKinds = Object.keys(weights) as StrikeKind[];

/** What there is to strike at. */
export interface Shape {
  readonly runners: number;
  readonly databases: number;
  readonly leaseSeconds: number;
}

/**
 * Faults without end, the same for the same seed: first each kind once, at a crash and a cut for each database, in an
 * order that chance decides, then by weight.
 */
export function* strikes(random: Random, shape: Shape): Generator<Strike, never> {
  const first = firstRound(shape).map((strike) => ({ strike, order: random.fraction() }));
  for (const { strike } of first.sort((one, other) => one.order - other.order))
    yield filled(strike, random, shape);
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  for (;;) {
    let left = random.fraction() * sum;
    const kind = strikeKinds.find((each) => {
      left -= weights[each];
      return left < 0;
    });
    yield filled({ kind: kind ?? 'runner killed' }, random, shape);
  }
}

/** How many strikes it takes until there was one of each. */
export function firstRoundLength(shape: Shape): number {
  return firstRound(shape).length;
}

interface Chosen {
  readonly kind: StrikeKind;
  readonly database?: number;
}

function firstRound({ databases }: Shape): readonly Chosen[] {
  return strikeKinds.flatMap((kind): Chosen[] => {
    const isForEach = kind === 'database crashed' || kind === 'commits cut';
    return isForEach ? Array.from({ length: databases }, (_, database) => ({ kind, database })) : [{ kind }];
  });
}

/** Skews are of the size of a wrong time zone, not of a drift. */
const SKEW_MS = 600_000;

function filled({ kind, database: chosen }: Chosen, random: Random, shape: Shape): Strike {
  const runner = random.between(0, shape.runners - 1);
  const database = chosen ?? random.between(0, shape.databases - 1);
  switch (kind) {
    case 'runner killed':
    case 'runner told to end':
    case 'plane lines cut':
      return { kind, runner };
    case 'runner paused': {
      const leaseMs = shape.leaseSeconds * 1_000;
      return { kind, runner, ms: random.between(leaseMs + 500, leaseMs * 2) };
    }
    case 'runner clock wrong':
      return { kind, runner, skewMs: random.chance(0.5) ? SKEW_MS : -SKEW_MS };
    case 'database crashed':
      return { kind, database, ms: random.between(0, 800) };
    case 'database lines cut':
      return { kind, database, runner };
    case 'commits cut':
      return { kind, database, times: random.between(5, 20), seed: random.uint32() };
    case 'database line silent':
      return { kind, database, runner, ms: random.between(500, 6_000) };
    case 'database line slow':
      return { kind, database, runner, ms: random.between(1_000, 4_000), delayMs: random.between(5, 300) };
    case 'plane killed':
      return { kind };
    case 'plane line silent':
      return { kind, runner, ms: random.between(500, 6_000) };
    case 'plane line slow':
      return { kind, runner, ms: random.between(1_000, 4_000), delayMs: random.between(5, 1_000) };
  }
}
