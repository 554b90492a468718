import { describe, expect, test } from 'vitest';
import type { Decision } from './decision.ts';
import { combineRequirements, isFulfilled, missingOf, type Requirement, standingOf } from './requirement.ts';

const anyone = (approvals: number): Requirement => ({ role: null, approvals });
const lead = (approvals: number): Requirement => ({ role: 'lead', approvals });
const legal = (approvals: number): Requirement => ({ role: 'legal', approvals });

const said = (name: string, approval_roles: string[] = [], verdict: Decision['verdict'] = 'approved') => ({
  verdict,
  by: `person:${name}`,
  name,
  at: 0,
  reason: null,
  effect_digest: 'sha256:effect',
  approval_roles,
});

describe('requirements of several who ask', () => {
  test.each<[string, Requirement[][], Requirement[]]>([
    ['of nobody are one approval of anyone', [[], []], [anyone(1)]],
    ['keep the highest number of each role', [[lead(1), anyone(3)], [lead(2)]], [anyone(3), lead(2)]],
    ['keep every role', [[lead(1)], [legal(1)]], [lead(1), legal(1)]],
    ['leave away what a named role covers', [[anyone(2)], [lead(2)]], [lead(2)]],
    ['keep what a named role covers only in part', [[anyone(2)], [lead(1)]], [anyone(2), lead(1)]],
  ])('%s', (_name, lists, combined) => {
    expect(combineRequirements(...lists)).toEqual(combined);
  });

  test('come out the same in whichever order they are named', () => {
    expect(combineRequirements([legal(1)], [lead(1)])).toEqual(combineRequirements([lead(1)], [legal(1)]));
  });
});

describe('a standing', () => {
  test('counts a person once for each requirement that they fulfil', () => {
    const standings = standingOf([anyone(2), lead(1)], [said('lena', ['lead'])]);
    expect(standings).toEqual([
      { role: null, approvals: 2, given: 1, by: ['lena'] },
      { role: 'lead', approvals: 1, given: 1, by: ['lena'] },
    ]);
    expect({ isFulfilled: isFulfilled(standings), missing: missingOf(standings) }).toEqual({
      isFulfilled: false,
      missing: 1,
    });
  });

  test('counts approvals only, and a role only where it was held', () => {
    const standings = standingOf([lead(1)], [said('bob'), said('lena', ['lead'], 'rejected')]);
    expect(standings).toMatchObject([{ given: 0, by: [] }]);
  });

  test('is fulfilled when every requirement is', () => {
    const standings = standingOf([anyone(2), lead(1)], [said('lena', ['lead']), said('bob')]);
    expect({ isFulfilled: isFulfilled(standings), missing: missingOf(standings) }).toEqual({
      isFulfilled: true,
      missing: 0,
    });
  });

  test('of a row without requirements wants one approval of anyone', () => {
    expect(isFulfilled(standingOf([], []))).toBe(false);
    expect(isFulfilled(standingOf([], [said('bob')]))).toBe(true);
  });

  test('of a decision that is older than roles counts it for nobody in particular', () => {
    const { approval_roles: _, ...older } = said('lena', ['lead']);
    expect(standingOf([lead(1), anyone(1)], [older as Decision])).toMatchObject([{ given: 0 }, { given: 1 }]);
  });
});
