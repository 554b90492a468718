import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type Measured, NotMeasurable } from '../support/bench.ts';
import { ProvisionedTenants } from '../support/provisioned-tenants.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { median, percentile, rounded, spreadOf } from '../support/statistics.ts';
import { spreadLine, valueLine } from '../support/table.ts';
import { workerdMemoryMb, workerdOpenFiles } from '../support/workerd-memory.ts';

const TENANTS = { quick: 60, full: 1_000 } as const;
/** At the beginning and at the end. */
const COMPARED = { quick: 20, full: 100 } as const;
const SAMPLES = { quick: 50, full: 200 } as const;
/** What the first ones pay for nobody pays again: code is compiled, tables are opened. */
const WARM_UP = 10;
/** The platform lets an idle object leave memory after about ten seconds. */
const IDLE_MS = 25_000;
/** About as many as making a tenant and waking it twice takes, and with as much to do. */
const READS_FOR_EACH = 15;
const KB_PER_MB = 1_024;

/** Of workerd. */
interface Held {
  readonly mb: number;
  readonly files: number;
}

/** What it holds with no tenant but those of the warm-up, and then with all. */
interface Memory {
  readonly none: Held;
  readonly awake: Held;
  readonly idle: Held;
  /** All awake once more: no more than the first time where what they held had been given back to the heap. */
  readonly awakeAgain: Held;
  readonly idleAgain: Held;
  readonly left: number;
}

/**
 * Many tenants on one plane: what another one costs when there are many already, what they hold of memory when nobody asks
 * for them, and what a request to one of them takes beside one to a tenant that is alone.
 *
 * A process gives little back to the system, and JavaScript's heap grows with what was done, whoever asked. So before the
 * first look as much is done with a few tenants as is done with all of them later.
 */
export async function manyTenants(bench: Bench): Promise<Measured> {
  const length = bench.isQuick ? 'quick' : 'full';
  const many = await ProvisionedTenants.start(bench);
  try {
    await many.provision(WARM_UP);
    await many.readFirst(TENANTS[length] * READS_FOR_EACH);
    await pause(IDLE_MS);
    const none = await held();
    const times = await many.provision(TENANTS[length]);
    const memory = await memoryOf(many, none);
    const [first, last] = [times.slice(0, COMPARED[length]), times.slice(-COMPARED[length])];
    const reads = await readsBesideOne(bench, many, SAMPLES[length]);
    return measured(TENANTS[length], { first, last }, memory, reads);
  } finally {
    await many.stop();
  }
}

/** Wakes all and lets all go idle, twice: what is held because of the tenants themselves is held both times. */
async function memoryOf(many: ProvisionedTenants, none: Held): Promise<Memory> {
  const before = await many.wakeAll();
  const awake = await held();
  await pause(IDLE_MS);
  const idle = await held();
  const after = await many.wakeAll();
  const awakeAgain = await held();
  const left = after.filter((startedAt, place) => startedAt !== before[place]).length;
  await pause(IDLE_MS);
  return { none, awake, idle, awakeAgain, idleAgain: await held(), left };
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

async function held(): Promise<Held> {
  const [mb, files] = [await workerdMemoryMb(), await workerdOpenFiles()];
  if (mb === undefined || files === undefined) throw new NotMeasurable('no ps, or no /proc');
  return { mb: rounded(mb), files };
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
  const { awake, awakeAgain, idle, idleAgain, left, none } = memory;
  const objects = tenants + WARM_UP;
  const kbEach = (from: Held, to: Held) => rounded(((to.mb - from.mb) * KB_PER_MB) / objects);
  const results = {
    tenants,
    provision_ms: { first: rounded(median(first)), last: rounded(median(last)) },
    provision_last_to_first: rounded(median(last) / median(first)),
    workerd_rss_mb: {
      none: none.mb,
      awake: awake.mb,
      idle: idle.mb,
      awake_again: awakeAgain.mb,
      idle_again: idleAgain.mb,
    },
    awake_again_to_awake: rounded(awakeAgain.mb / awake.mb),
    workerd_open_files: { none: none.files, awake: awake.files, idle: idle.files },
    idle_to_none: rounded(idle.mb / none.mb),
    idle_kb_per_tenant: kbEach(none, idle),
    woken_again_kb_per_tenant: kbEach(idle, idleAgain),
    objects,
    objects_that_left_memory: left,
    read_p50_to_alone: at(0.5),
    read_p99_to_alone: at(0.99),
  };
  return {
    results: { many_tenants: results },
    lines: [
      valueLine('ms to provision a tenant, the first ones', median(first)),
      valueLine(`... the last of ${tenants}`, median(last)),
      valueLine('... last / first', results.provision_last_to_first, '<= 1.2'),
      valueLine(`objects that left memory when idle, of ${objects}`, left),
      valueLine('files that workerd has open: none', none.files),
      valueLine('... all awake', awake.files),
      valueLine('... all idle', idle.files),
      valueLine('workerd MB: none', none.mb),
      valueLine('... all awake', awake.mb),
      valueLine('... all idle', idle.mb),
      valueLine('... all awake again', awakeAgain.mb),
      valueLine('... again / the first time', results.awake_again_to_awake, '<= 1.02'),
      valueLine('... idle, after all were awake again', idleAgain.mb),
      valueLine('KB for each idle tenant', results.idle_kb_per_tenant),
      valueLine('... more after all were awake again', results.woken_again_kb_per_tenant),
      spreadLine('a read of one among all / of one alone, p50', results.read_p50_to_alone, '<= 1.2'),
      spreadLine('... p99', results.read_p99_to_alone),
    ],
  };
}
