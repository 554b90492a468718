import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../simulation/random.ts';
import type { Dump, Violation } from './checks/dump.ts';
import { judge } from './checks/judge.ts';
import { checkRunnersSound } from './checks/runners-sound.ts';
import { Load } from './load/load.ts';
import { readDump } from './load/read-dump.ts';
import { settle } from './load/settle.ts';
import { Nemesis } from './nemesis/nemesis.ts';
import type { CampaignOptions } from './options.ts';
import { type Tally, tallyOf } from './tally.ts';
import { World } from './world/world.ts';

const LOOKS_EVERY_MS = 100;
/** How long what must have happened once is waited for after the time is over. */
const LONGEST_EXTRA_MS = 120_000;
/** Of the commits, where nothing else strikes. */
const CUT_CHANCE = 0.5;

export interface CampaignEnd {
  readonly violations: readonly Violation[];
  readonly tally: Tally;
  /** Where logs, what was read at the end and what was found lie; undefined when nothing was wrong, and they are gone. */
  readonly folder: string | undefined;
}

export interface Hearing {
  /** Told what has been so far, a minute after the other. */
  onMinute?(tally: Tally): void;
}

/**
 * Faults strike at the whole product while it works; then everything is healed, must come to its end, and is judged
 * by what is left in the databases and in the control plane's record.
 */
export async function runCampaign(
  options: CampaignOptions,
  { onMinute }: Hearing = {},
): Promise<CampaignEnd> {
  const world = await World.start(options);
  let isKept = true;
  try {
    const { dump, strayed, tally } = await play(world, options, onMinute);
    const violations = [...strayed, ...judge(dump)];
    isKept = violations.length > 0;
    if (isKept) await keep(world.folder, options, dump, violations);
    return { violations, tally, folder: isKept ? world.folder : undefined };
  } finally {
    await world.stop();
    if (!isKept) await world.forget();
  }
}

interface Played {
  readonly dump: Dump;
  /** Violations that are not in the dump. */
  readonly strayed: readonly Violation[];
  readonly tally: Tally;
}

async function play(world: World, options: CampaignOptions, onMinute: Hearing['onMinute']): Promise<Played> {
  const random = new Random(options.seed);
  const { plane, posts, shops, tenant } = world;
  const load = new Load({ tenant, shops, seed: random.uint32(), jobs: options.jobs });
  const nemesis = new Nemesis(world, {
    seed: random.uint32(),
    paceMs: options.pace,
    leaseSeconds: options.leaseSeconds,
    onStrike: (strike) => note(world, JSON.stringify(strike)),
  });
  const over = new AbortController();
  const tallyNow = (dump?: Dump, requeued = 0) => tallyOf({ world, nemesis, load, dump, requeued });
  const minutes = setInterval(() => onMinute?.(tallyNow()), 60_000);
  try {
    const ends = [load.run(over.signal), end(over, options, load, nemesis, world)];
    if (options.cutsOnly === undefined) ends.push(nemesis.run(over.signal));
    else for (const cuts of world.cuts.values()) cuts.always(CUT_CHANCE, random.uint32());
    // Whatever fails ends the rest too.
    const settled = await Promise.allSettled(ends.map((each) => each.finally(() => over.abort())));
    for (const each of settled) if (each.status === 'rejected') throw each.reason;
    for (const cuts of world.cuts.values()) cuts.end();
    const quiet = await settle(tenant);
    await Promise.all(posts.map(({ unit }) => unit.stop('SIGTERM')));
    // What is judged is what is stored, not what a process remembers.
    await plane.restart();
    const dump = await readDump(tenant, shops, load.intents);
    const runnerEnds = posts.flatMap(({ unit }) => unit.ends);
    const strayed = [...quiet.violations, ...checkRunnersSound(runnerEnds, await world.runnerLines())];
    return { dump, strayed, tally: tallyNow(dump, quiet.requeued) };
  } finally {
    clearInterval(minutes);
  }
}

/** Resolves when it is time for the quiet end. */
async function end(
  over: AbortController,
  { cutsOnly, seconds }: CampaignOptions,
  load: Load,
  nemesis: Nemesis,
  { cuts }: World,
): Promise<void> {
  const begunAt = performance.now();
  const isDone = () =>
    cutsOnly === undefined ? nemesis.hasDoneAll : [...cuts.values()].every(({ total }) => total >= cutsOnly);
  for (let elapsed = 0; !over.signal.aborted; elapsed = performance.now() - begunAt) {
    const isTime = elapsed >= seconds * 1_000 || load.isDone;
    if (isTime && (isDone() || load.isDone || elapsed >= seconds * 1_000 + LONGEST_EXTRA_MS)) return;
    if (cutsOnly !== undefined && isDone()) return;
    await pause(LOOKS_EVERY_MS);
  }
}

function note({ folder }: World, line: string): void {
  // Evidence for a reader, which the campaign itself does not need.
  void appendFile(join(folder, 'strikes.log'), `${new Date().toISOString()} ${line}\n`).catch(
    () => undefined,
  );
}

async function keep(
  folder: string,
  options: CampaignOptions,
  dump: Dump,
  violations: readonly Violation[],
): Promise<void> {
  // The violations first: a dump may be gigabytes, which is why each of its rows is a line.
  const { tenant, ...lists } = dump;
  await writeFile(join(folder, 'violations.json'), JSON.stringify(violations, undefined, 1));
  await writeFile(join(folder, 'options.json'), JSON.stringify({ ...options, tenant }, undefined, 1));
  for (const [name, rows] of Object.entries(lists)) {
    const file = createWriteStream(join(folder, `${name}.jsonl`));
    for (const row of rows) if (!file.write(`${JSON.stringify(row)}\n`)) await once(file, 'drain');
    file.end();
    await once(file, 'finish');
  }
}
