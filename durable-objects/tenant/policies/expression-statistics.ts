import { Bounded } from '../turn/bounded.ts';

/** Policies whose counts are kept apart; the first that was heard of gives way. */
const MOST_NAMED = 200;
/** Programs that are known to be at hand. More than these are in no project. */
const MOST_KNOWN = 1_200;

/** What conditions have cost: all of them, or those of one policy. Times are milliseconds. */
export interface ExpressionCounts {
  /** Times that a compiled condition was at hand. */
  hits: number;
  /** Times that one had to be compiled, whatever came of it. */
  compiled: number;
  compile_errors: number;
  compile_ms_total: number;
  compile_ms_max: number;
  evaluations: number;
  /** Evaluations without a result: a missing field, an overflow, a type. */
  failures: number;
}

function noCounts(): ExpressionCounts {
  return {
    hits: 0,
    compiled: 0,
    compile_errors: 0,
    compile_ms_total: 0,
    compile_ms_max: 0,
    evaluations: 0,
    failures: 0,
  };
}

/** What the conditions of one tenant have cost since its object began. Others share the compiled ones, not the counts. */
export class ExpressionStatistics {
  readonly total = noCounts();
  readonly #clock: () => number;
  readonly #policies = new Bounded<string, ExpressionCounts>(MOST_NAMED);
  readonly #known = new Bounded<string, true>(MOST_KNOWN);

  /** @param clock milliseconds; only differences count. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** How many compiled conditions this tenant has at hand, as far as they are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** By the name of the policy. */
  policies(): readonly (readonly [name: string, counts: Readonly<ExpressionCounts>])[] {
    return this.#policies.entries();
  }

  hit(policy?: string): void {
    this.#count(policy, (counts) => {
      counts.hits += 1;
    });
  }

  /** Notes what is at hand from now on. */
  knows(key: string): void {
    this.#known.set(key, true);
  }

  /** Times and counts a compilation. */
  compiling<Compiled extends { readonly ok: boolean }>(
    policy: string | undefined,
    compile: () => Compiled,
  ): Compiled {
    const begun = this.#clock();
    const compiled = compile();
    const took = Math.max(0, this.#clock() - begun);
    this.#count(policy, (counts) => {
      counts.compiled += 1;
      if (!compiled.ok) counts.compile_errors += 1;
      counts.compile_ms_total += took;
      counts.compile_ms_max = Math.max(counts.compile_ms_max, took);
    });
    return compiled;
  }

  evaluated(policy: string | undefined, isFailed: boolean): void {
    this.#count(policy, (counts) => {
      counts.evaluations += 1;
      if (isFailed) counts.failures += 1;
    });
  }

  #count(policy: string | undefined, change: (counts: ExpressionCounts) => void): void {
    change(this.total);
    if (policy === undefined) return;
    const known = this.#policies.get(policy);
    const counts = known ?? noCounts();
    change(counts);
    if (known === undefined) this.#policies.set(policy, counts);
  }
}

/** What is done in nobody's name, as in a test, is counted where nobody looks. */
let current = new ExpressionStatistics(() => 0);

/** Whose conditions are at work. */
export function expressionStatistics(): ExpressionStatistics {
  return current;
}

/** Does some work whose conditions count for this tenant. What the work puts off until later counts for nobody. */
export function countedIn<Value>(statistics: ExpressionStatistics, work: () => Value): Value {
  const before = current;
  current = statistics;
  try {
    return work();
  } finally {
    current = before;
  }
}
