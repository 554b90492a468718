import { runDetailOf, type StepDetail } from '@countersign/client/run-detail';
import { expect, test } from 'vitest';
import { countText, standingOf, whatOf } from './step-words.ts';

function stepsOf(...steps: readonly object[]): readonly StepDetail[] {
  const numbered = steps.map((step, place) => ({
    step_id: `s${place + 1}`,
    number: place + 1,
    kind: 'task',
    status: 'queued',
    ...step,
  }));
  return runDetailOf({ run_id: 'run_1', status: 'open', steps: numbered }).steps;
}

test.each([
  [{ kind: 'artifact', artifact: { name: 'letter', version: 2 } }, 'letter, version 2'],
  [{ task: { task: 'summarize' }, title: 'the first' }, 'summarize: the first'],
  [{ kind: 'note', text: 'seen' }, 'seen'],
  [{ kind: 'proposal' }, undefined],
])('%j in a few words', (step, text) => {
  expect(stepsOf(step).map(whatOf)).toEqual([text]);
});

test.each([
  [{ status: 'waiting', after: ['s1', 's2'] }, 'waits for step 1'],
  [{ status: 'queued', task: { plan: { handler: 'clerk' } } }, 'waits for a worker for clerk'],
  [
    { status: 'leased', task: { claim: { runner_id: 'w1' }, progress: { percent: 40 } } },
    'w1 is at it, 40 %',
  ],
  [{ status: 'open', kind: 'proposal' }, 'waits for the end of the proposal'],
  [{ status: 'failed', cause: { message: 'in vain' } }, 'in vain'],
  [{ status: 'succeeded' }, undefined],
])('why %j stands there', (step, text) => {
  const steps = stepsOf({}, { status: 'succeeded' }, step);
  const last = steps.at(-1);
  expect(last === undefined ? 'nothing' : standingOf(last, steps)).toBe(text);
});

test('a run counts what is open and what was in vain, where anything is', () => {
  const run = { run_id: 'run_1', status: 'open', steps_total: 1, steps_open: 0, steps_failed: 0 };
  expect(countText(run)).toBe('1 step');
  expect(countText({ ...run, steps_total: 5, steps_open: 2, steps_failed: 1 })).toBe(
    '5 steps, 2 open, 1 in vain',
  );
});
