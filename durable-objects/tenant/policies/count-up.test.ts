import { describe, expect, test } from 'vitest';
import { keyed, NOW, person, proposalRow, TENANT, worldOf } from '../test-support.ts';
import type { Placed } from '../turn/event.ts';
import { countUp } from './count-up.ts';

const { actor } = person('ann');
const place = { seq: 41, at: NOW, hash: 'sha256:h41', subject: proposalRow().proposal_id };

function approved(counted?: readonly { key: string; count: number; total: number }[]): Placed {
  const word = {
    reason: null,
    name: 'ann',
    effect_digest: 'sha256:effect',
    approval_roles: [],
    job_id: null,
  };
  const body = { ...word, ...(counted === undefined ? {} : { counted }) };
  return { ...place, type: 'proposal.approved', actor, body };
}

const counter = { tenant: TENANT, key: 'day:1', count: 2, total: 30 };
const world = worldOf({ keyed: keyed({ counters: [counter] }) });

describe('what an approval takes off limits', () => {
  test('is added to what stands there, or begins it', () => {
    const counted = [
      { key: 'day:1', count: 1, total: 5 },
      { key: 'day:2', count: 1, total: 7 },
    ];
    expect(countUp(TENANT, world, approved(counted))).toEqual([
      { name: 'counters', row: { ...counter, count: 3, total: 35 } },
      { name: 'counters', row: { tenant: TENANT, key: 'day:2', count: 1, total: 7 } },
    ]);
  });

  test('is nothing where people approved', () => {
    expect(countUp(TENANT, world, approved())).toEqual([]);
  });
});

test('an attempt that was refused is counted too', () => {
  const counted = [{ key: 'day:1', count: 1, total: 0 }];
  const body = { credential: 'crd_agent', capability: 'x', code: 'hidden_binding', hidden: ['t'], counted };
  const entry: Placed = { ...place, type: 'attempt.refused', actor, subject: 'attempt/41', body };
  expect(countUp(TENANT, world, entry)).toEqual([{ name: 'counters', row: { ...counter, count: 3 } }]);
});
