import { setImmediate } from 'node:timers/promises';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { startEditor } from './actors/editor.ts';
import { startFounder } from './actors/founder.ts';
import { killGateway } from './actors/gateway.ts';
import { startIntruder } from './actors/intruder.ts';
import { startLawmaker } from './actors/lawmaker.ts';
import { startPeople } from './actors/people.ts';
import { startProposers } from './actors/proposers.ts';
import { type RunningRunner, restartDead, startRunners } from './actors/runner.ts';
import { startWarden } from './actors/warden.ts';
import { type Judgement, judge } from './checks/judge.ts';
import { endOf } from './end-state.ts';
import type { Fault } from './faults.ts';
import { foundTenant } from './found-tenant.ts';
import type { History } from './history.ts';
import { enter, installGlobals } from './platform/globals.ts';
import { SteadySqlite } from './platform/steady-sqlite.ts';
import { stuckIn } from './settled.ts';
import { BEGINNING } from './tenant.ts';
import { World } from './world.ts';

export interface Simulated extends Judgement {
  readonly seed: number;
  readonly steps: number;
  readonly faults: ReadonlyMap<Fault, number>;
  readonly trace: readonly string[];
}

export interface SimulationOptions {
  readonly seed: number;
  /** Events while faults strike; what follows, until everything has come to rest, is not counted. */
  readonly steps: number;
  readonly isTraced: boolean;
}

/** How often the surroundings may change for the worse. */
const TURBULENCE = 1 / 6;
/** Virtual time that everything has to come to rest, once nothing goes wrong any more and every clock has caught up. */
const CALM_MS = 300_000;
const MOST_CALM_STEPS = 60_000;

installGlobals();
const sqlite = new SteadySqlite();

/** One seed, one history, judged. */
export async function simulate({ seed, steps, isTraced }: SimulationOptions): Promise<Simulated> {
  const name = `seed ${seed}`;
  await foundTenant(sqlite, name);
  const world = new World(seed, name, sqlite);
  const trace: string[] = [];
  if (isTraced) {
    world.schedule.trace = (line) => trace.push(`+${world.schedule.now - BEGINNING} ${line}`);
  }
  enter(world);
  startProposers(world);
  startPeople(world);
  startLawmaker(world);
  startEditor(world);
  startIntruder(world);
  startWarden(world);
  startFounder(world);
  const runners = startRunners(world);
  await rage(world, runners, steps);
  await calm(world, runners);
  // Histories take no round of the event loop, and only there does Node tell of rejections that nobody handled.
  await setImmediate();
  const history: History = endOf(world, stuckIn(world));
  for (const { type } of history.entries)
    if (type === 'job.lease_expired') world.faults.note('lease_expired');
  if (isTraced) trace.push(...history.entries.map(ledgerLine));
  return { seed, steps: world.schedule.steps, faults: world.faults.counts, trace, ...judge(history) };
}

function ledgerLine({ seq, at, type, subject, actor }: LedgerEntry): string {
  return `ledger ${seq}: +${Date.parse(at) - BEGINNING} ${type} ${subject} by ${actor.id}`;
}

async function rage(world: World, runners: readonly RunningRunner[], steps: number): Promise<void> {
  while (world.schedule.steps < steps && (await world.schedule.step())) {
    if (world.random.chance(TURBULENCE)) disturb(world, runners);
  }
}

function disturb(world: World, runners: readonly RunningRunner[]): void {
  const { host, schedule, random, faults } = world;
  host.evict();
  host.crash();
  host.supersede();
  host.jumpClock();
  killGateway(world);
  if (faults.strikes('world_stalled')) {
    world.database.jolts.push(schedule.now);
    schedule.now += random.between(500, 40_000);
  }
  restartDead(world, runners);
}

/** Nothing goes wrong any more. Proposers and people stop; runners, sweeps and whatever is under way go on. */
async function calm(world: World, runners: readonly RunningRunner[]): Promise<void> {
  const { schedule } = world;
  world.isCalm = true;
  world.faults.cease();
  world.host.resumeAll();
  for (const { process } of runners) process.pausedUntil = 0;
  const deadline = schedule.now + world.host.farthestAhead + CALM_MS;
  const lastStep = schedule.steps + MOST_CALM_STEPS;
  let nextLook = 0;
  while (schedule.now < deadline && schedule.steps < lastStep) {
    if (schedule.now >= nextLook) {
      if (stuckIn(world).length === 0) return;
      restartDead(world, runners);
      nextLook = schedule.now + 1_000;
    }
    if (!(await schedule.step())) return;
  }
}
