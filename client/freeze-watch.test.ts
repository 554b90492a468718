import { beforeEach, expect, test } from 'vitest';
import { FreezeWatch } from './freeze-watch.ts';

const since = '2026-11-21T10:00:00.000Z';
const freeze = (freeze_id: string) => ({ freeze_id, kind: 'project', is_stop: false, since, until: null });

let told: string[];
let watch: FreezeWatch;
beforeEach(() => {
  told = [];
  watch = new FreezeWatch({
    begun: ({ freeze_id }) => told.push(`begun ${freeze_id}`),
    ended: ({ freeze_id }) => told.push(`ended ${freeze_id}`),
  });
});

test('a freeze is told once, however often and by whatever answers it is heard of', () => {
  for (const claimant of ['jobs', 'actions', 'jobs', 'actions']) watch.heard(claimant, freeze('frz_1'));
  expect(told).toEqual(['begun frz_1']);
});

test('it has ended when no claim is held back by it any more', () => {
  for (const claimant of ['jobs', 'actions']) watch.heard(claimant, freeze('frz_1'));
  watch.heard('jobs', undefined);
  watch.heard('tasks', undefined);
  expect(told).toEqual(['begun frz_1']);
  watch.heard('actions', undefined);
  watch.heard('actions', undefined);
  expect(told).toEqual(['begun frz_1', 'ended frz_1']);
});

test('one that follows another is told, and so is the end of the first', () => {
  watch.heard('jobs', freeze('frz_1'));
  watch.heard('jobs', freeze('frz_2'));
  expect(told).toEqual(['begun frz_1', 'begun frz_2', 'ended frz_1']);
});
