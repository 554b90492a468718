import { expect, test } from 'vitest';
import type { LockoutFacts, Scene } from './facts.ts';
import { judgeLockout } from './judge-lockout.ts';

const scene: Scene = {
  name: 'a scene',
  wayIn: 'the owner signs in',
  compared: [{ who: 'the owner', wanted: 'in', got: 'in' }],
  attacks: { guessing: ['token_invalid', 'bootstrap_closed'] },
};
const facts: LockoutFacts = {
  scenes: [scene],
  recorded: { exchanges: [{ project: 'prj_a', wanted: 1, found: 1 }], intruders: [] },
  attemptsInScene: 2,
};

test('a drill in which everybody got what they should holds', () => {
  expect(judgeLockout(facts)).toEqual({
    holds: true,
    violations: [],
    scenes: [{ name: 'a scene', way_in: 'the owner signs in', compared: 1, attempts_refused: 2 }],
    attempts: 2,
  });
});

test.each([
  [
    'somebody who should get in does not',
    { compared: [{ who: 'x', wanted: 'in', got: 'forbidden' }] },
    'way-in',
  ],
  ['somebody who should not does', { compared: [{ who: 'x', wanted: 'forbidden', got: 'in' }] }, 'way-in'],
  ['an attacker gets in once', { attacks: { guessing: ['token_invalid', 'in'] } }, 'taken-over'],
  ['nobody tried', { attacks: { guessing: [] } }, 'staging'],
])('one in which %s does not', (_what, changes, check) => {
  const { holds, violations } = judgeLockout({ ...facts, scenes: [{ ...scene, ...changes }] });
  expect(holds).toBe(false);
  expect(violations.map((violation) => violation.check)).toEqual([check]);
});

test('nor one whose record says more than was done', () => {
  const exchanges = [{ project: 'prj_a', wanted: 1, found: 2 }];
  const recorded = { exchanges, intruders: ['mallory is a member of prj_a'] };
  expect(judgeLockout({ ...facts, recorded }).violations.map(({ check }) => check)).toEqual([
    'record',
    'taken-over',
  ]);
});
