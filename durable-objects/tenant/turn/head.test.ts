import { describe, expect, test } from 'vitest';
import { counterOfTable, moveBetweenLanes, noCounters } from './head.ts';

describe('the depths', () => {
  const some = { ...noCounters, review: 5, rehearsal: 6, queue: 4, later: 3, lease: 2, dead: 1 };

  test.each<[string | null, string | null, Partial<typeof some>]>([
    [null, 'review', { review: 6 }],
    ['review', 'queue/src_a', { review: 4, queue: 5 }],
    ['queue/src_a', 'lease', { queue: 3, lease: 3 }],
    ['queue/src_a', 'queue/src_b', {}],
    [null, 'rehearse/src_a', { rehearsal: 7 }],
    ['rehearse/src_a', 'review', { rehearsal: 5, review: 6 }],
    ['lease', 'later', { lease: 1, later: 4 }],
    ['later', 'queue/src_a', { later: 2, queue: 5 }],
    ['lease', 'dead', { lease: 1, dead: 2 }],
    ['dead', null, { dead: 0 }],
    [null, null, {}],
  ])('follow a proposal from %s to %s', (from, to, changed) => {
    expect(moveBetweenLanes(some, from, to)).toEqual({ ...some, ...changed });
  });

  test.each<[string | null, string | null, Partial<typeof some>]>([
    [null, 'review', { actions_review: 1 }],
    [null, 'queue/payments', { actions_queue: 1 }],
    [null, 'order/sha256:1', { actions_behind: 1 }],
    [null, 'dead/payments', { actions_dead: 1 }],
    ['tied', 'unknown', { actions_tied: -1, actions_unknown: 1 }],
    ['constructor', 'toString', {}],
  ])('follow an action from %s to %s', (from, to, changed) => {
    expect(moveBetweenLanes(some, from, to, counterOfTable('actions'))).toEqual({ ...some, ...changed });
  });

  test.each([
    ['steps', null, 'task/model', { tasks_queue: 1 }],
    ['steps', 'task/model', 'lease', { tasks_queue: -1, tasks_lease: 1 }],
    ['steps', 'lease', 'later', { tasks_lease: -1, tasks_later: 1 }],
    ['runs', null, 'open', { runs_open: 1 }],
    ['runs', 'open', null, { runs_open: -1 }],
  ])('follow what has lanes in %s from %s to %s', (table, from, to, changed) => {
    expect(moveBetweenLanes(some, from, to, counterOfTable(table))).toEqual({ ...some, ...changed });
  });

  test('of a head that is older than one of them begin it at nothing', () => {
    const { rehearsal: _, ...older } = some;
    expect(moveBetweenLanes(older as typeof some, 'review', 'rehearse/src_a')).toEqual({
      ...some,
      review: 4,
      rehearsal: 1,
    });
  });

  test('begin at nothing', () => {
    expect(new Set(Object.values(noCounters))).toEqual(new Set([0]));
  });
});
