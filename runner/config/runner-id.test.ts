import { expect, test } from 'vitest';
import { sampleConfig } from '../verify/sample-job.ts';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './load-config.ts';

const withId = (runner_id: unknown, more: object = {}) =>
  JSON.stringify({ ...sampleConfig, runner_id, ...more });

function faultsOf(text: string, environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    parseConfig(text, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test('a runner has the name that its configuration says', () => {
  expect(parseConfig(withId('runner-1'), { POD_NAME: 'other' }).runner_id).toBe('runner-1');
});

test('or the one that a variable holds', () => {
  const environment = { POD_NAME: 'countersign-runner-7d9f8b6c5-x2abc' };
  expect(parseConfig(withId({ env: 'POD_NAME' }), environment)).toEqual({
    ...sampleConfig,
    runner_id: 'countersign-runner-7d9f8b6c5-x2abc',
  });
});

test('or there is no such runner', () => {
  const environment = { EMPTY: ' ', BLANK: 'runner 1', LONG: 'r'.repeat(161), SET: 'runner-2' };
  const badName = 'must hold letters, digits and _ . : -, 160 at most';
  for (const [runnerId, fault] of [
    [{ env: 'NONE' }, '$.runner_id: the environment variable NONE is not set or empty'],
    [{ env: 'EMPTY' }, '$.runner_id: the environment variable EMPTY is not set or empty'],
    [{ env: 'BLANK' }, `$.runner_id: the environment variable BLANK ${badName}`],
    [{ env: 'LONG' }, `$.runner_id: the environment variable LONG ${badName}`],
    [{ env: 'a-b' }, '$.runner_id.env: must be the name of an environment variable'],
    [{ env: 'SET', or: 'runner-1' }, '$.runner_id.or: this field is not known'],
    [7, '$.runner_id: must be a name, or {"env": "NAME"} for the variable that holds it'],
  ] as const) {
    expect(faultsOf(withId(runnerId), environment)).toEqual([fault]);
  }
});

test('a variable that is missing is told together with all other faults', () => {
  expect(faultsOf(withId({ env: 'NONE' }, { lanes: 51, verbose: true }), {})).toEqual([
    '$.runner_id: the environment variable NONE is not set or empty',
    '$.lanes: Too big: expected number to be <=50',
    '$.verbose: this field is not known',
  ]);
});
