import { describe, expect, test } from 'vitest';
import type { FlyMachine } from './fly-answers.ts';
import { isHealthy, stateOf } from './machine-state.ts';

const machine = (state: string, checks?: Readonly<Record<string, string>>): FlyMachine => ({
  id: 'e1',
  name: 'runner',
  state,
  instance_id: '1',
  checks: checks && Object.entries(checks).map(([name, status]) => ({ name, status })),
});

describe('a machine is healthy', () => {
  test('when it is started and both of its checks pass, whatever others say', () => {
    const checks = { alive: 'passing', ready: 'passing', bg_deployments_compat: 'critical' };
    expect(isHealthy(machine('started', checks))).toBe(true);
  });

  test.each([
    ['started', undefined],
    ['started', {}],
    ['started', { alive: 'passing' }],
    ['started', { alive: 'passing', ready: 'warning' }],
    ['started', { alive: 'critical', ready: 'passing' }],
    ['started', { alive: 'passing', other: 'passing' }],
    ['stopped', { alive: 'passing', ready: 'passing' }],
    ['starting', { alive: 'passing', ready: 'passing' }],
  ])('not when it is %s with %j', (state, checks) => {
    expect(isHealthy(machine(state, checks))).toBe(false);
  });
});

test.each([
  ['created', 'changing'],
  ['starting', 'changing'],
  ['replacing', 'changing'],
  ['a_word_of_tomorrow', 'changing'],
  ['started', 'running'],
  ['stopping', 'stopping'],
  ['suspended', 'stopped'],
  ['failed', 'failed'],
  ['launch_failed', 'going'],
  ['destroyed', 'going'],
])('%s is %s', (state, wanted) => {
  expect(stateOf(machine(state))).toBe(wanted);
});
