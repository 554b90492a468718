import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type Measured, NotMeasurable } from '../support/bench.ts';
import { ProvisionedTenants } from '../support/provisioned-tenants.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { median, percentile, rounded, spreadOf } from '../support/statistics.ts';
import { spreadLine, valueLine } from '../support/table.ts';
import { workerdMemoryMb } from '../support/workerd-memory.ts';

const TENANTS = { quick: 60, full: 1_000 } as const;
/** At the beginning and at the end. */
const COMPARED = { quick: 20, full: 100 } as const;
const SAMPLES = { quick: 50, full: 200 } as const;
/** What the first ones pay for nobody pays again: code is compiled, tables are opened. */
const WARM_UP = 10;
/** The platform lets an idle object leave memory after about ten seconds. */
const IDLE_MS = 25_000;
const KB_PER_MB = 1_024;

interface Memory {
  readonly noneMb: number;
  readonly awakeMb: number;
  readonly idleMb: number;
  readonly awakeAgainMb: number;
  readonly left: number;
}

/**
 * Many tenants on one plane: what another one costs when there are many already, what they hold of memory when nobody asks
 * for them, and what a request to one of them takes beside one to a tenant that is alone.
 */
export async function manyTenants(bench: Bench): Promise<Measured> {
  const length = bench.isQuick ? 'quick' : 'full';
  const many = await ProvisionedTenants.start(bench);
  try {
    await many.provision(WARM_UP);
    await many.wakeAll();
    await pause(IDLE_MS);
    const noneMb = await memoryMb();
    const times = await many.provision(TENANTS[length]);
    const memory = await memoryOf(many, noneMb);
    const [first, last] = [times.slice(0, COMPARED[length]), times.slice(-COMPARED[length])];
    const reads = await readsBesideOne(bench, many, SAMPLES[length]);
    return measured(TENANTS[length], { first, last }, memory, reads);
  } finally {
    await many.stop();
  }
}

/** Wakes all, lets all go idle, and wakes all again: memory that was given back is what the second waking uses. */
async function memoryOf(many: ProvisionedTenants, noneMb: number): Promise<Memory> {
  const before = await many.wakeAll();
  const awakeMb = await memoryMb();
  await pause(IDLE_MS);
  const idleMb = await memoryMb();
  const after = await many.wakeAll();
  const left = after.filter((startedAt, place) => startedAt !== before[place]).length;
  return { noneMb, awakeMb, idleMb, awakeAgainMb: await memoryMb(), left };
}

async function readsBesideOne(bench: Bench, many: ProvisionedTenants, samples: number) {
  const alone = await ProvisionedTenants.start(bench);
  try {
    await alone.provision(1);
    const parts = { many: () => many.readFirst(samples), alone: () => alone.readFirst(samples) };
    await interleaved(1, parts);
    return await interleaved(bench.rounds, parts);
  } finally {
    await alone.stop();
  }
}

async function memoryMb(): Promise<number> {
  const found = await workerdMemoryMb();
  if (found === undefined) throw new NotMeasurable('no ps');
  return found;
}

function measured(
  tenants: number,
  { first, last }: Readonly<Record<'first' | 'last', readonly number[]>>,
  memory: Memory,
  reads: Readonly<Record<'many' | 'alone', readonly (readonly number[])[]>>,
): Measured {
  const at = (share: number) =>
    spreadOf(
      ratios(
        reads.many.map((round) => percentile(round, share)),
        reads.alone.map((round) => percentile(round, share)),
      ),
    );
  const { awakeAgainMb, awakeMb, idleMb, left, noneMb } = memory;
  const results = {
    tenants,
    provision_ms: { first: rounded(median(first)), last: rounded(median(last)) },
    provision_last_to_first: rounded(median(last) / median(first)),
    workerd_rss_mb: {
      none: rounded(noneMb),
      awake: rounded(awakeMb),
      idle: rounded(idleMb),
      awake_again: rounded(awakeAgainMb),
    },
    idle_kb_per_tenant: rounded(((idleMb - noneMb) * KB_PER_MB) / (tenants + WARM_UP)),
    idle_to_none: rounded(idleMb / noneMb),
    awake_again_to_awake: rounded(awakeAgainMb / awakeMb),
    objects_that_left_memory: left,
    objects: tenants + WARM_UP,
    read_p50_to_alone: at(0.5),
    read_p99_to_alone: at(0.99),
  };
  return {
    results: { many_tenants: results },
    lines: [
      valueLine('ms to provision a tenant, the first ones', median(first)),
      valueLine(`... the last of ${tenants}`, median(last)),
      valueLine('... last / first', results.provision_last_to_first, '<= 1.2'),
      valueLine('objects that left memory when idle', left),
      valueLine('workerd MB with none / all awake', noneMb),
      valueLine('... all awake', awakeMb),
      valueLine('... all idle', idleMb),
      valueLine('... all awake again', awakeAgainMb),
      valueLine('KB of memory for each idle tenant', results.idle_kb_per_tenant),
      spreadLine('a read of one among all / of one alone, p50', results.read_p50_to_alone, '<= 1.2'),
      spreadLine('... p99', results.read_p99_to_alone),
    ],
  };
}
