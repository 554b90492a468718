import { system } from '../access/identity.ts';
import { targetOfLane } from '../actions/action-lane.ts';
import { queueOf } from '../proposals/lane.ts';
import { MOST_AT_ONCE } from '../storage/read-freezes.ts';
import { type Draft, settingSubject } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { type Freeze, freezesOf, isInForce, type ScanMark, scanOf } from './freeze.ts';
import { freezeAction, freezeJob, thawAction, thawJob } from './freeze-rows.ts';

const about = { actor: system.actor, subject: settingSubject('freezes') };

/** What the clock does about freezes: ends those whose time is over, and moves a batch of rows out or back. */
export function sweepFreezes(world: World, now: number): readonly Draft[] {
  const freezes = freezesOf(world);
  const over = freezes.filter((freeze) => freeze.state === 'in_force' && !isInForce(freeze, now));
  const lifting = liftingIn(freezes, world.freezeWork.freezes);
  return [
    ...over.map(({ freeze_id }): Draft => {
      const body = { freeze_id, reason: null, name: 'its time is over' };
      return { ...about, type: 'freeze.lifted', body };
    }),
    ...goOn(world, freezes, now),
    ...(lifting === undefined ? [] : thaw(world, lifting)),
  ];
}

/** One that was lifted in this very turn has had nothing read for it: it goes on with the next sweep. */
function liftingIn(freezes: readonly Freeze[], asRead: readonly Freeze[]): Freeze | undefined {
  const read = asRead.find(({ state }) => state === 'lifting');
  return freezes.find(({ freeze_id, state }) => state === 'lifting' && freeze_id === read?.freeze_id);
}

/** Takes what the freeze covers out of the next piece of the queues. */
function goOn(world: World, freezes: readonly Freeze[], now: number): readonly Draft[] {
  const scan = scanOf(freezes);
  if (scan === undefined || !isInForce(scan.freeze, now)) return [];
  const { freezes: asRead, scanned } = world.freezeWork;
  // One that was placed in this very turn has had nothing read for it.
  if (scanOf(asRead)?.freeze.freeze_id !== scan.freeze.freeze_id) return [];
  const moved = scanned.map((mark) => frozen(world, mark, now)).filter((draft) => draft !== undefined);
  const last = scanned.length === MOST_AT_ONCE ? scanned.at(-1) : undefined;
  const body = { freeze_id: scan.freeze.freeze_id, scan: last ?? nextQueues(scan.mark) };
  return [...moved, { ...about, type: 'freeze.scanned', body }];
}

function frozen(world: World, { key, table }: ScanMark, now: number): Draft | undefined {
  if (table === 'actions') {
    const row = world.row('actions', String(key));
    return row === undefined || targetOfLane(row.lane) === undefined
      ? undefined
      : freezeAction(world, row, now);
  }
  const row = world.proposalAt(Number(key));
  return row === undefined || queueOf(row.lane) === undefined ? undefined : freezeJob(world, row, now);
}

/** The queues of actions come after those of jobs. */
function nextQueues({ table }: ScanMark): ScanMark | null {
  return table === 'proposals' ? { table: 'actions', lane: 'queue/', rank: 0, key: '' } : null;
}

/** Lets a batch of what the freeze had moved go back, and ends it once there is no more. */
function thaw(world: World, { freeze_id }: Freeze): readonly Draft[] {
  const { actions, proposals } = world.freezeWork.thawing;
  const isOfThis = (row: { readonly frozen_by: string | null }) => row.frozen_by === freeze_id;
  const isMore = proposals.length === MOST_AT_ONCE || actions.length === MOST_AT_ONCE;
  return [
    ...proposals
      .map((seq) => world.proposalAt(seq))
      .filter((row) => row !== undefined)
      .filter(isOfThis)
      .map(thawJob),
    ...actions
      .map((id) => world.row('actions', id))
      .filter((row) => row !== undefined)
      .filter(isOfThis)
      .map(thawAction),
    ...(isMore ? [] : [{ ...about, type: 'freeze.cleared' as const, body: { freeze_id } }]),
  ];
}
