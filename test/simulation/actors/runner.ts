import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { type ClaimRequest, LEASE_SECONDS } from '@countersign/protocol/job-requests';
import type { Registration } from '@countersign/protocol/runner-messages';
import { jobsIn } from '../platform/leases-in.ts';
import { newProcess, type Process } from '../schedule.ts';
import { type RunnerSeat, runnerSeats, TENANT } from '../tenant.ts';
import type { World } from '../world.ts';
import { holdClaim } from './gateway.ts';
import { JobRun } from './job-run.ts';
import { runRehearser } from './rehearser.ts';

const TEN_MINUTES_MS = 600_000;
const REST_MS = 500;

/** A runner's seat and the process that fills it now: one that died is followed by another. */
export interface RunningRunner {
  readonly seat: RunnerSeat;
  readonly rehearses: boolean;
  process: Process;
}

export function startRunners(world: World): RunningRunner[] {
  const count = world.isDeadly ? 1 : world.random.between(1, runnerSeats.length);
  return runnerSeats.slice(0, count).map((seat) => {
    const rehearses = world.hasAgents && (world.isGreedy || world.random.chance(0.8));
    const runner = { seat, rehearses, process: newProcess('none') };
    startProcess(world, runner, world.random.chance(0.5));
    return runner;
  });
}

/** The machine's clock is wrong by minutes, which must not matter. */
function startProcess(world: World, runner: RunningRunner, isFirst: boolean): void {
  const offset = world.random.between(-TEN_MINUTES_MS, TEN_MINUTES_MS);
  runner.process = newProcess(runner.seat.runnerId, offset);
  void run(world, runner.process, runner.seat, isFirst);
  if (!runner.rehearses) return;
  for (const sourceId of runner.seat.sources) void runRehearser(world, runner.process, runner.seat, sourceId);
}

/** Starts again whoever has died: a supervisor's work. */
export function restartDead(world: World, runners: readonly RunningRunner[]): void {
  for (const runner of runners) {
    const isRestarted = world.isCalm || world.random.chance(world.isDeadly ? 0.8 : 0.2);
    if (!runner.process.isAlive && isRestarted) startProcess(world, runner, false);
  }
}

async function run(world: World, self: Process, seat: RunnerSeat, isFirst: boolean): Promise<void> {
  const { random, schedule } = world;
  if (isFirst || random.chance(0.2)) await introduce(world, self, seat);
  for (;;) {
    await schedule.think(self, random.between(5, REST_MS), 'runner rests');
    if (random.chance(0.05)) await sayHello(world, self, seat);
    const sentAt = schedule.clock(self);
    const reply = await claim(world, self, seat);
    if (reply === undefined) continue;
    for (const job of jobsIn(reply)) {
      const work = new JobRun(world, self, seat, job, {
        serverTime: Date.parse(String(reply.body.server_time)),
        sentAt,
      });
      if (random.chance(0.5)) await work.carryOut();
      else void work.carryOut();
    }
  }
}

type Answered = Extract<Reply, { ok: true }>;

/** Most claims are held by the gateway, the others are answered at once. */
async function claim(world: World, self: Process, seat: RunnerSeat): Promise<Answered | undefined> {
  const { random } = world;
  const isHeld = world.isDeadly || random.chance(0.7);
  const request: ClaimRequest = {
    source_id: world.isDeadly ? seat.sources[0] : random.pick(seat.sources),
    runner_id: seat.runnerId,
    limit: random.pick([1, 1, 3, 10]),
    lease_seconds: world.isDeadly ? LEASE_SECONDS.least : random.pick([5, 5, 10, 30]),
    wait_seconds: isHeld ? random.pick(world.isDeadly ? [25] : [1, 5, 25]) : 0,
  };
  const command = {
    caller: seat.caller,
    ask: { type: 'claim', request, waiterId: null },
    key: null,
  } as const;
  const reply = isHeld
    ? await holdClaim(world, self, seat, { type: 'claim', request })
    : await world.network.ask(self, command);
  return reply?.ok ? reply : undefined;
}

async function introduce(
  world: World,
  self: Process,
  { caller, runnerId, sources }: RunnerSeat,
): Promise<void> {
  const request: Registration = {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id: runnerId,
    runner_version: world.random.pick(['1.0.0', '1.0.1']),
    engines: ['postgres'],
    capabilities: ['single_row_update'],
    scope: { project_id: TENANT, source_ids: [...sources] },
    registered_at: new Date(world.schedule.clock(self)).toISOString(),
  };
  await world.network.insist(self, { caller, ask: { type: 'register', request }, key: null }, 5);
}

async function sayHello(world: World, self: Process, { caller, runnerId }: RunnerSeat): Promise<void> {
  const status = world.random.pick([undefined, 'online', 'draining'] as const);
  const request = { runner_id: runnerId, ...(status === undefined ? {} : { status }) };
  await world.network.ask(self, { caller, ask: { type: 'heartbeat', request }, key: null });
}
