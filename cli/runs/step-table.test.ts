import { describe, expect, test } from 'vitest';
import { runDetailOf } from './run-detail.ts';
import { runText } from './run-text.ts';
import { stepTable } from './step-table.ts';

const plain = (text: string) => text;
const asked = (task: string, more: object = {}) => ({ kind: 'task', task: { task, ...more } });
const after = (...numbers: number[]) => ({ after: numbers.map((number) => `stp_${number}`) });

function runWith(steps: readonly object[], more: object = {}) {
  const numbered = steps.map((step, place) => ({ step_id: `stp_${place + 1}`, number: place + 1, ...step }));
  return runDetailOf({ run_id: 'run_1', status: 'open', ...more, steps: numbered.toReversed() });
}

describe('the steps of a run', () => {
  test('stand in order, with what each waits for, and the ids that can be used', () => {
    const rests = { not_before: '2026-01-01T00:05:00Z' };
    const progress = { percent: 40, message: 'half\u001b way' };
    const run = runWith(
      [
        { ...asked('collect'), status: 'succeeded' },
        {
          ...asked('judge', { claim: { runner_id: 'west-1' }, progress }),
          status: 'leased',
          title: 'the odd ones',
        },
        { ...asked('tell'), status: 'waiting', ...after(1, 2) },
        { ...asked('tidy', { plan: { handler: 'model' } }), status: 'queued' },
        { ...asked('tidy', rests), status: 'queued' },
        { kind: 'proposal', title: 'billing.waive', linked: 'wrp_1', status: 'open' },
        { kind: 'artifact', artifact: { name: 'report.csv', version: 2 }, status: 'succeeded' },
        { kind: 'note', status: 'succeeded' },
      ],
      { entries: [{ type: 'step.added', body: { step_id: 'stp_8', text: 'nothing\u202e else' } }] },
    );
    expect(stepTable(run, plain)).toBe(`STEP  KIND      WHAT                   STATE      WAITS FOR
1     task      collect                succeeded  -
2     task      judge: the odd ones    leased     west-1, 40 %, half\\u{1b} way
3     task      tell                   waiting    step 2
4     task      tidy                   queued     a worker for model
5     task      tidy                   queued     2026-01-01 00:05Z
6     proposal  billing.waive          open       the end of the proposal
7     artifact  report.csv, version 2  succeeded  -
8     note      nothing\\u{202e} else   succeeded  -

task 2      stp_2
task 3      stp_3
task 4      stp_4
task 5      stp_5
proposal 6  wrp_1
`);
  });

  test('are none yet', () => {
    expect(stepTable(runWith([]), plain)).toBe('no step yet\n');
  });

  test('show little to whoever may not see what was written', () => {
    const hidden = {
      ...asked('judge', { progress: { percent: 40 } }),
      title: null,
      status: 'leased',
      cause: { by: 'x' },
    };
    expect(stepTable(runWith([hidden]), plain)).toContain('judge  leased  a worker, 40 %');
  });
});

describe('a run', () => {
  const run = {
    command: 'review',
    text: 'those of\nMarch',
    input: { month: 3 },
    started_by: { kind: 'agent', id: 'agt_1' },
    name: 'bot',
    principal: 'ops',
    ends: 'with_its_steps',
    steps_total: 1,
    steps_open: 1,
    created_at: '2026-01-01T00:00:00Z',
    expires_at: '2026-01-02T00:00:00Z',
    integrity: { ok: true },
  };

  test('says what was asked for, by whom, and when it ends', () => {
    expect(
      runText(runWith([{ ...asked('collect'), status: 'waiting' }], run), plain),
    ).toContain(`run_1  review
open

asked by  agent bot, for ops
text      those of\\u{a}March
input     {"month":3}
steps     1, 1 open
begun     2026-01-01 00:00Z
ends      with its last step, by 2026-01-02 00:00Z at the latest
record    the chain holds

STEP`);
  });

  test('that has ended says why', () => {
    const ended = { status: 'failed', steps_failed: 1, cause: { message: 'one step did not succeed' } };
    const text = runText(runWith([], { ...run, ...ended, steps_open: 0, input: {} }), plain);
    expect(text).toMatch(/^why +one step did not succeed$/m);
    expect(text).toMatch(/^steps +1, 1 in vain$/m);
    expect(text).not.toMatch(/^(ends|input)/m);
  });

  test.each([
    [true, 'the chain holds'],
    [false, 'THE CHAIN DOES NOT HOLD'],
    [null, undefined],
  ])('whose record is verified as %j says so', (ok, verdict) => {
    const text = runText(runWith([], { integrity: { ok } }), plain);
    expect(/^record +(.*)$/m.exec(text)?.[1]).toBe(verdict);
  });
});
