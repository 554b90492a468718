import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Fault } from './faults.ts';
import type { Violation } from './history.ts';

/** Which seeds a thread takes: `first` and then each `every`th, within `seeds` of it. */
export interface SeedRange {
  readonly first: number;
  readonly every: number;
  readonly seeds: number;
  readonly steps: number;
  /** Whether the first seed that fails is the last. */
  readonly untilFailure: boolean;
}

export interface Failure {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** What many histories came to. */
export interface Tally {
  seeds: number;
  steps: number;
  readonly failures: Failure[];
  readonly faults: Map<Fault, number>;
  readonly transitions: Map<string, number>;
}

export interface Campaign {
  readonly from: number;
  readonly seeds: number;
  readonly steps: number;
  readonly threads: number;
  readonly untilFailure: boolean;
}

/** Runs the seeds on so many threads. Which thread runs a seed changes nothing about its history. */
export async function runCampaign({ from, seeds, threads, ...rest }: Campaign): Promise<Tally> {
  const shares = Array.from({ length: Math.min(threads, seeds) }, (_, place) => ({
    first: from + place,
    every: threads,
    seeds: seeds - place,
    ...rest,
  }));
  return (await Promise.all(shares.map(runShare))).reduce(sum);
}

function runShare(share: SeedRange): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, 'seed-worker.ts'), {
      workerData: share,
      execArgv: process.execArgv,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread of the simulation ended early, with ${code}`)));
  });
}

function sum(a: Tally, b: Tally): Tally {
  return {
    seeds: a.seeds + b.seeds,
    steps: a.steps + b.steps,
    failures: [...a.failures, ...b.failures].sort((one, other) => one.seed - other.seed),
    faults: sumOf(a.faults, b.faults),
    transitions: sumOf(a.transitions, b.transitions),
  };
}

function sumOf<Name>(a: ReadonlyMap<Name, number>, b: ReadonlyMap<Name, number>): Map<Name, number> {
  const sums = new Map(a);
  for (const [name, count] of b) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}
