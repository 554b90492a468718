import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { Rehearsal, RehearsalResult } from '@countersign/protocol/rehearsal';
import { ConnectionLost } from '../customer/customer-database.ts';
import { statusOf } from '../law.ts';
import { rehearsalsIn } from '../platform/leases-in.ts';
import type { Process } from '../schedule.ts';
import type { RunnerSeat } from '../tenant.ts';
import type { World } from '../world.ts';
import { holdClaim } from './gateway.ts';

const REST_MS = 500;

/** The part of a runner that looks at a source's rows before anybody decides. */
export async function runRehearser(
  world: World,
  self: Process,
  seat: RunnerSeat,
  sourceId: string,
): Promise<void> {
  const { random, schedule } = world;
  for (;;) {
    await schedule.think(self, random.between(5, REST_MS), 'rehearser rests');
    for (const rehearsal of rehearsalsIn(await claim(world, self, seat, sourceId))) {
      if (random.chance(0.5)) await rehearse(world, self, seat, rehearsal);
      else void rehearse(world, self, seat, rehearsal);
    }
  }
}

function claim(world: World, self: Process, seat: RunnerSeat, sourceId: string): Promise<Reply | undefined> {
  const { random } = world;
  const isHeld = random.chance(0.8);
  const request = {
    source_id: sourceId,
    runner_id: seat.runnerId,
    limit: random.pick([1, 1, 3, 10]),
    wait_seconds: isHeld ? random.pick([1, 5, 25]) : 0,
  };
  if (isHeld) return holdClaim(world, self, seat, { type: 'claim-rehearsals', request });
  const ask = { type: 'claim-rehearsals', request, waiterId: null } as const;
  return world.network.ask(self, { caller: seat.caller, ask, key: null });
}

/** Looks, and tells; or tells late, twice, under another's lease, or never. */
async function rehearse(world: World, self: Process, seat: RunnerSeat, rehearsal: Rehearsal): Promise<void> {
  const { faults, random, schedule } = world;
  if (faults.strikes('rehearsal_dropped')) return;
  const result = await look(world, self, seat, rehearsal);
  if (faults.strikes('rehearsal_late')) {
    await schedule.sleep(self, random.between(3_000, 40_000), 'late rehearsal');
  }
  if (faults.strikes('rehearsal_foreign')) {
    const other = random.pick([
      { lease_id: 'lse_of_another' },
      { runner_id: 'run_of_another' },
      { rehearsal_id: rehearsal.rehearsal_id.replace(/^rhj_\d+/, 'rhj_9') },
    ]);
    await report(world, self, seat, { ...result, ...other });
  }
  if (faults.strikes('rehearsal_twice')) void tellAgain(world, self, seat, result);
  await report(world, self, seat, result);
}

async function tellAgain(world: World, self: Process, seat: RunnerSeat, result: RehearsalResult) {
  const { random, schedule } = world;
  await schedule.sleep(self, random.between(0, random.pick([10, 15_000])), 'second rehearsal');
  await report(world, self, seat, result);
}

async function report(world: World, self: Process, { caller }: RunnerSeat, request: RehearsalResult) {
  const ask = { type: 'report-rehearsal', rehearsalId: request.rehearsal_id, request } as const;
  await world.network.insist(self, { caller, ask, key: null }, 3);
}

/** What the guarded statement shows, and then takes back. */
async function look(
  world: World,
  self: Process,
  { runnerId }: RunnerSeat,
  { rehearsal_id, lease_id, target, patch, visible_columns }: Rehearsal,
): Promise<RehearsalResult> {
  const { customer, random, schedule } = world;
  const name = String(target.primary_key.value);
  const about = { rehearsal_id, lease_id, runner_id: runnerId };
  const rehearsed_at = new Date(schedule.clock(self)).toISOString();
  if (random.chance(0.04)) {
    return { ...about, status: 'refused', error_code: 'TABLE_NOT_CONFIGURED', rehearsed_at };
  }
  try {
    const version = await customer.execute(self, {
      label: 'rehearse',
      locks: [`row ${name}`],
      run: ({ rows }) => ({ result: rows.get(name)?.version }),
    });
    if (version === undefined) return { ...about, status: 'row_not_found', rehearsed_at };
    const row = { fee: 0, status: statusOf(version) };
    const before = Object.fromEntries(visible_columns.map((column) => [column, Reflect.get(row, column)]));
    return { ...about, status: 'done', before, after: { ...before, ...patch }, version, rehearsed_at };
  } catch (cause) {
    if (!(cause instanceof ConnectionLost)) throw cause;
    return { ...about, status: 'failed', error_code: 'CONNECTION_LOST', rehearsed_at };
  }
}
