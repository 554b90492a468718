import pg from 'pg';
import type { Bench, Measured } from '../support/bench.ts';
import { type BenchPlane, startBenchPlane, startLimits } from '../support/bench-plane.ts';
import { startDurablePostgres } from '../support/durable-postgres.ts';
import { GUARDED_WRITE_SQL, guardedWriteValues, invoiceWrite } from '../support/guarded-write.ts';
import { type HttpConnection, withConnection } from '../support/http-connection.ts';
import { createInvoices, resetInvoices } from '../support/invoices.ts';
import { lateFeeRequest } from '../support/late-fee-request.ts';
import { askLimit } from '../support/limit-calls.ts';
import { interleaved, samples, until } from '../support/rounds.ts';
import { type RunnerProcess, startRunner } from '../support/runner-process.ts';
import { percentile, rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';

const SAMPLES = { quick: 20, full: 80 } as const;

/**
 * How long an approval takes to become a committed row, on an idle system: from sending the approval until the
 * runner, a process of its own, says that the database has answered. The floor is what the same machine needs for
 * the two steps that cannot be left away: a commit in D1 that wakes a held socket, and one guarded write.
 */
export async function approveToApplied(bench: Bench): Promise<Measured> {
  const postgres = await startDurablePostgres();
  const product = await startBenchPlane(bench);
  const limits = await startLimits(bench);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await createInvoices(postgres);
  await resetInvoices(postgres);
  const runner = await startRunner(product.jobs, postgres);
  try {
    const applies = new Applies(product, runner);
    const writes = new Writes();
    const count = SAMPLES[bench.isQuick ? 'quick' : 'full'];
    const parts = {
      applied: () => withConnection(product.origin, (one) => samples(count, () => applies.once(one))),
      wake: () =>
        withConnection(limits.origin, (one) =>
          withConnection(limits.origin, (other) => samples(count, () => wakeOnce(one, other))),
        ),
      write: () => samples(count, () => writes.once(client)),
    };
    await interleaved(1, parts);
    const { applied, wake, write } = await interleaved(bench.rounds, parts);
    return measured(applied.flat(), wake.flat(), write.flat());
  } finally {
    await runner.stop();
    await client.end();
    await limits.plane.stop();
    await product.plane.stop();
    await postgres.stop();
  }
}

class Applies {
  readonly #product: BenchPlane;
  readonly #runner: RunnerProcess;
  #count = 0;

  constructor(product: BenchPlane, runner: RunnerProcess) {
    this.#product = product;
    this.#runner = runner;
  }

  /** Approves one proposal while the runner waits; returns the milliseconds until it was applied. */
  async once(connection: HttpConnection): Promise<number> {
    const { calls } = this.#product;
    const { invoice, version } = invoiceWrite(0, 2, this.#count);
    this.#count += 1;
    const id = await calls.propose(connection, lateFeeRequest({ invoice, version, from: 5_500, to: 0 }));
    await until('the runner waits', async () => (await calls.health(connection)).object.held_polls > 0);
    const applied = this.#runner.applied(id);
    const sentAt = performance.now();
    await calls.approve(connection, id);
    return (await applied) - sentAt;
  }
}

/** One request commits a few rows in D1, and then answers another that was held; returns the milliseconds. */
async function wakeOnce(held: HttpConnection, waker: HttpConnection): Promise<number> {
  const woken = askLimit(held, '/hold').then(() => performance.now());
  await until('the request is held', async () => (await askLimit(waker, '/held')) === '1');
  const sentAt = performance.now();
  await askLimit(waker, '/wake');
  return (await woken) - sentAt;
}

class Writes {
  #count = 0;

  /** The runner's statement and nothing else; returns the milliseconds of its round trip. */
  async once(client: pg.Client): Promise<number> {
    const values = guardedWriteValues(invoiceWrite(1, 2, this.#count));
    this.#count += 1;
    const sentAt = performance.now();
    const { rowCount } = await client.query({ name: 'guarded_write', text: GUARDED_WRITE_SQL, values });
    if (rowCount !== 1) throw new Error('the guarded write wrote nothing');
    return performance.now() - sentAt;
  }
}

function measured(applied: readonly number[], wake: readonly number[], write: readonly number[]): Measured {
  const at = (share: number) => ({
    applied: percentile(applied, share),
    wake: percentile(wake, share),
    write: percentile(write, share),
  });
  const [p50, p99] = [at(0.5), at(0.99)];
  const ratio = (part: typeof p50) => rounded(part.applied / (part.wake + part.write));
  const pair = (name: 'applied' | 'wake' | 'write') => ({ p50: rounded(p50[name]), p99: rounded(p99[name]) });
  return {
    results: {
      approve_to_applied_ms: {
        ...pair('applied'),
        samples: applied.length,
        runner: 'built, its own process',
      },
      approve_to_applied_vs_floor: {
        p50: ratio(p50),
        p99: ratio(p99),
        floor_ms: { wake_after_commit: pair('wake'), guarded_write: pair('write') },
      },
    },
    lines: [
      valueLine('approve to applied p50 ms', p50.applied),
      valueLine('approve to applied p99 ms', p99.applied),
      valueLine('commit in D1 that wakes a held request, p50 ms', p50.wake),
      valueLine('guarded write in PostgreSQL, p50 ms', p50.write),
      valueLine('approve to applied p50 / floor', ratio(p50), '<= 1.5'),
      valueLine('approve to applied p99 / floor', ratio(p99), '<= 3'),
    ],
  };
}
