import type { ClaimedJob } from '@countersign/protocol/job/claimed-job';
import { LONGEST_WAIT_SECONDS } from '@countersign/protocol/job-requests';
import type { Bench, Measured } from '../support/bench.ts';
import { type BenchPlane, startBenchPlane } from '../support/bench-plane.ts';
import { type HttpConnection, withConnection, withConnections } from '../support/http-connection.ts';
import { lateFeeRequest } from '../support/late-fee-request.ts';
import { samples, until } from '../support/rounds.ts';
import { percentile, rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';
import { workerdMemoryMb } from '../support/workerd-memory.ts';

/** Ascending, since a process does not give memory back: the first round tells what each level added. */
const LEVELS = [1, 100, 1_000] as const;
const SAMPLES = { quick: 10, full: 40 } as const;

interface Level {
  readonly held: number;
  readonly wakes: number[];
  memoryMb: number | undefined;
}

/**
 * How fast a held claim is woken, from sending the approval to having the job, and what holding many costs: one
 * tenant, one source, so that every one of the held claims could get the job.
 */
export async function heldPolls(bench: Bench): Promise<Measured> {
  const product = await startBenchPlane(bench);
  try {
    const levels: Level[] = LEVELS.map((held) => ({ held, wakes: [], memoryMb: undefined }));
    await wakesAt(product, 1, SAMPLES.quick);
    const idleMb = await workerdMemoryMb();
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const level of levels) {
        const { wakes, memoryMb } = await wakesAt(
          product,
          level.held,
          SAMPLES[bench.isQuick ? 'quick' : 'full'],
        );
        level.wakes.push(...wakes);
        level.memoryMb ??= memoryMb;
      }
    }
    return measured(levels, idleMb);
  } finally {
    await product.plane.stop();
  }
}

function wakesAt(product: BenchPlane, held: number, count: number) {
  return withConnection(product.origin, (caller) =>
    withConnections(product.origin, held, async (connections) => {
      await until('the polls of the round before are gone', () => isHolding(product, caller, 0));
      const polls = connections.map((connection) => new HeldClaim(product, connection));
      // The first wake also waits until the tenant has looked at as many claims as have come all at once.
      await wakeOnce(product, caller, polls);
      const wakes = await samples(count, () => wakeOnce(product, caller, polls));
      for (const poll of polls) poll.isOver = true;
      return { wakes, memoryMb: await workerdMemoryMb() };
    }),
  );
}

/** Approves a proposal while all polls are held; returns the milliseconds until one of them has the job. */
async function wakeOnce(
  product: BenchPlane,
  caller: HttpConnection,
  polls: readonly HeldClaim[],
): Promise<number> {
  const request = lateFeeRequest({ invoice: 'INV-1', version: 1, from: 5_500, to: 0 });
  const id = await product.calls.propose(caller, request);
  for (const poll of polls) poll.hold();
  await until('all polls are held', () => isHolding(product, caller, polls.length));
  const woken = Promise.withResolvers<Woken>();
  for (const poll of polls) poll.woken = woken;
  const sentAt = performance.now();
  await product.calls.approve(caller, id);
  const { job, at } = await woken.promise;
  await product.calls.report(caller, job);
  return at - sentAt;
}

async function isHolding({ calls }: BenchPlane, connection: HttpConnection, count: number): Promise<boolean> {
  return (await calls.health(connection)).object.held_polls === count;
}

interface Woken {
  readonly job: ClaimedJob;
  readonly at: number;
}

/** A runner's connection: a claim held, and held again when it ends without a job. */
class HeldClaim {
  readonly #product: BenchPlane;
  readonly #connection: HttpConnection;
  #isHeld = false;
  /** Who is told that a job came. */
  woken: PromiseWithResolvers<Woken> | undefined;
  /** The connection may end from now on. */
  isOver = false;

  constructor(product: BenchPlane, connection: HttpConnection) {
    this.#product = product;
    this.#connection = connection;
  }

  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#claim().catch((fault) => {
      if (!this.isOver) this.woken?.reject(fault);
    });
  }

  async #claim(): Promise<void> {
    const request = { wait_seconds: LONGEST_WAIT_SECONDS, limit: 1 };
    while (!this.isOver) {
      const [job] = await this.#product.calls.claim(this.#connection, request);
      if (job === undefined) continue;
      this.#isHeld = false;
      this.woken?.resolve({ job, at: performance.now() });
      return;
    }
  }
}

function measured(levels: readonly Level[], idleMb: number | undefined): Measured {
  const results = Object.fromEntries(
    levels.map(({ held, wakes, memoryMb }) => [
      held,
      {
        wake_ms: { p50: rounded(percentile(wakes, 0.5)), p99: rounded(percentile(wakes, 0.99)) },
        samples: wakes.length,
        ...(memoryMb === undefined
          ? { memory_not_measured: 'no ps' }
          : { workerd_rss_mb: rounded(memoryMb) }),
      },
    ]),
  );
  const [least, most] = [levels[0], levels.at(-1)].map((level) => percentile(level?.wakes ?? [], 0.99));
  const ratio = rounded((most ?? Number.NaN) / (least ?? Number.NaN));
  return {
    results: {
      held_polls: {
        ...results,
        idle_workerd_rss_mb: idleMb === undefined ? null : rounded(idleMb),
        p99_1000_to_1: ratio,
      },
    },
    lines: [
      ...levels.flatMap(({ held, wakes, memoryMb }) => [
        valueLine(`wake p50 ms, ${held} held`, percentile(wakes, 0.5)),
        valueLine(`wake p99 ms, ${held} held`, percentile(wakes, 0.99)),
        ...(memoryMb === undefined ? [] : [valueLine(`workerd MB, ${held} held`, memoryMb)]),
      ]),
      valueLine('wake p99, 1,000 held / 1 held', ratio, '<= 2'),
    ],
  };
}
