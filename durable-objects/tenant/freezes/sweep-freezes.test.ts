import { expect, test } from 'vitest';
import { keyed, NOW, person, TENANT, worldOf } from '../test-support.ts';
import { settingSubject } from '../turn/event.ts';
import type { Freeze } from './freeze.ts';
import { sweepFreezes } from './sweep-freezes.ts';

const freeze: Freeze = {
  freeze_id: 'frz_1',
  scope: { kind: 'contract', id: 'ctr_1' },
  is_stop: false,
  reason: 'a look at the contract',
  by: 'person:iss opal',
  name: 'opal',
  placed_at: NOW,
  until: null,
  state: 'in_force',
  scan: null,
};
const about = { actor: person('opal').actor, subject: settingSubject('freezes') };

/** A turn in which the sweep has read what stood there before. */
function worldWith(freezes: readonly Freeze[]) {
  const settings = [
    { tenant: TENANT, name: 'freezes' as const, value: { freezes }, tip_seq: 0, tip_hash: '' },
  ];
  const freezeWork = { freezes: [...freezes], scanned: [], thawing: { proposals: [], actions: [] } };
  return worldOf({ keyed: keyed({ settings }), freezeWork });
}

test('a freeze that is lifted in the very turn of a sweep is not over before what it moved was looked for', () => {
  const world = worldWith([freeze]);
  const body = { freeze_id: 'frz_1', reason: null, name: 'opal' };
  world.append({ ...about, type: 'freeze.lifted', body }, NOW);
  expect(sweepFreezes(world, NOW)).toEqual([]);
});

test('one that was lifted before, and has moved nothing, is over', () => {
  const world = worldWith([{ ...freeze, state: 'lifting' }]);
  expect(sweepFreezes(world, NOW)).toMatchObject([{ type: 'freeze.cleared' }]);
});

test('a freeze that is placed in the very turn of a sweep has been through no queue', () => {
  const world = worldWith([]);
  const scan = { table: 'proposals', lane: 'queue/', rank: 0, key: 0 } as const;
  world.append({ ...about, type: 'freeze.placed', body: { freeze: { ...freeze, scan } } }, NOW);
  expect(sweepFreezes(world, NOW)).toEqual([]);
});
