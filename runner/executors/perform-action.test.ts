import { type ActionOutcome, actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import { describe, expect, test } from 'vitest';
import type { Effect, Executor, Found } from './executor.ts';
import { Executors } from './executors.ts';
import { FunctionExecutor } from './function-executor.ts';
import { failed, retry, succeeded, unknown } from './outcomes.ts';
import { performAction } from './perform-action.ts';
import { laterAction, NOW, never, sampleAction } from './sample-action.ts';

const HOUR_MS = 3_600_000;
const YES: Found = { found: 'yes', reference: 'ref_1' };
const NO: Found = { found: 'no' };
const NOT_NOW: Found = { found: 'unknown', code: 'timed_out' };

interface Script {
  /** What each attempt comes to; the last one stays. */
  readonly outcomes?: readonly ActionOutcome[];
  /** What each question is answered with; the last one stays. Without it nobody can be asked. */
  readonly founds?: readonly Found[];
  readonly remembersMs?: number | null;
}

/** A webhook that does as it is told, and what was asked of it. */
function scripted({ founds, outcomes = [succeeded('ref_0')], remembersMs = null }: Script = {}) {
  const calls: string[] = [];
  const effects: Effect[] = [];
  const next = <T>(all: readonly T[], what: string): T => {
    const index = calls.filter((call) => call === what).length;
    calls.push(what);
    const one = all[Math.min(index, all.length - 1)];
    if (one === undefined) throw new Error(`no ${what} is scripted`);
    return one;
  };
  const executor: Executor = new FunctionExecutor(
    async (effect) => {
      effects.push(effect);
      return next(outcomes, 'perform');
    },
    {
      provider: 'webhook',
      remembersMs,
      ...(founds !== undefined && {
        find: async (effect: Effect) => {
          effects.push(effect);
          return next(founds, 'find');
        },
      }),
    },
  );
  return { executor, calls, effects };
}

async function perform(script: Script, action = sampleAction(), signal = never) {
  const { calls, effects, executor } = scripted(script);
  const outcome = await performAction(executor, action, { now: NOW, signal, pausesMs: [0, 0, 0] });
  expect(actionOutcomeSchema.parse(outcome)).toEqual(outcome);
  return { outcome, calls, effects };
}

describe('a first attempt', () => {
  test.each([succeeded('ref_0'), failed('http_400'), retry('http_429', 5_000)])(
    'that ended clearly is reported as it is: %j',
    async (outcome) => {
      expect(await perform({ outcomes: [outcome], founds: [YES], remembersMs: HOUR_MS })).toMatchObject({
        outcome,
        calls: ['perform'],
      });
    },
  );

  test('that lost its way is found to have happened', async () => {
    const { calls, effects, outcome } = await perform({
      outcomes: [unknown('timed_out')],
      founds: [NO, YES],
    });
    expect(outcome).toEqual(succeeded('ref_1'));
    expect(calls).toEqual(['perform', 'find', 'find']);
    // Since when to look.
    expect(effects[1]?.firstBegunAt).toBe(NOW);
  });

  test('that lost its way and is not there goes again, if the key keeps it from happening twice', async () => {
    const script = { outcomes: [unknown('timed_out')], founds: [NO] };
    expect(await perform({ ...script, remembersMs: HOUR_MS })).toEqual({
      outcome: retry('timed_out'),
      calls: ['perform', 'find', 'find', 'find'],
      effects: expect.anything(),
    });
    expect((await perform(script)).outcome).toEqual(unknown('timed_out'));
  });

  test('that lost its way is not known where nobody can be asked, or nobody answers', async () => {
    expect((await perform({ outcomes: [unknown('timed_out')], remembersMs: HOUR_MS })).outcome).toEqual(
      unknown('timed_out'),
    );
    const mute = await perform({ outcomes: [unknown('cut')], founds: [NO, NOT_NOW], remembersMs: HOUR_MS });
    expect([mute.outcome, mute.calls.length]).toEqual([unknown('cut'), 4]);
  });

  test('asks nobody any more once the runner stops', async () => {
    const script = { outcomes: [unknown('stopped')], founds: [YES] };
    expect(await perform(script, sampleAction(), AbortSignal.abort())).toMatchObject({
      outcome: unknown('stopped'),
      calls: ['perform'],
    });
  });
});

describe('a later attempt', () => {
  test('repeats with the same key while that is remembered', async () => {
    const { calls, effects, outcome } = await perform(
      { remembersMs: 24 * HOUR_MS, founds: [NO] },
      laterAction(20 * HOUR_MS),
    );
    expect([outcome, calls]).toEqual([succeeded('ref_0'), ['perform']]);
    expect(effects[0]).toMatchObject({ key: 'csk_0123456789abcdef', attempt: 2 });
  });

  test('repeats for ever where it is remembered for ever', async () => {
    const action = laterAction(10_000 * HOUR_MS);
    expect((await perform({ remembersMs: Number.POSITIVE_INFINITY }, action)).calls).toEqual(['perform']);
  });

  test.each([22 * HOUR_MS, 24 * HOUR_MS, 48 * HOUR_MS])(
    'asks when the key is, or may soon be, forgotten: after %d ms',
    async (ageMs) => {
      const script = { remembersMs: 24 * HOUR_MS, founds: [YES] };
      expect(await perform(script, laterAction(ageMs))).toMatchObject({
        outcome: succeeded('ref_1', { was_done: true }),
        calls: ['find'],
      });
    },
  );

  test('performs what is not there', async () => {
    const script = { remembersMs: HOUR_MS, founds: [NO] };
    expect(await perform(script, laterAction(2 * HOUR_MS))).toMatchObject({
      outcome: succeeded('ref_0'),
      calls: ['find', 'perform'],
    });
  });

  test('believes a provider without keys only after it said so several times, and time went by', async () => {
    expect((await perform({ founds: [NO] }, laterAction(HOUR_MS))).calls).toEqual([
      'find',
      'find',
      'find',
      'perform',
    ]);
    expect(await perform({ founds: [NO] }, laterAction(60_000))).toMatchObject({
      outcome: unknown('not_settled'),
      calls: ['find', 'find', 'find'],
    });
    expect((await perform({ founds: [NO, NO, YES] }, laterAction(HOUR_MS))).outcome).toEqual(
      succeeded('ref_1', { was_done: true }),
    );
  });

  test('is not performed while nobody can say', async () => {
    expect(await perform({ founds: [NOT_NOW] }, laterAction(HOUR_MS))).toMatchObject({
      outcome: unknown('timed_out'),
      calls: ['find', 'find', 'find'],
    });
  });

  test.each([null, HOUR_MS])('is left to a person where nobody can be asked (%s)', async (remembersMs) => {
    const { calls, outcome } = await perform({ remembersMs }, laterAction(2 * HOUR_MS));
    expect(outcome).toMatchObject({
      outcome: 'unknown',
      code: 'outcome_unknown',
      detail: expect.any(String),
    });
    expect(calls).toEqual([]);
  });

  test('that is refused says nothing of the earlier one, until that was looked for', async () => {
    const refused = { remembersMs: 24 * HOUR_MS, outcomes: [failed('http_404')] };
    const action = laterAction(HOUR_MS);
    expect((await perform(refused, action)).outcome).toMatchObject({ outcome: 'unknown', code: 'http_404' });
    expect((await perform({ ...refused, founds: [NOT_NOW] }, action)).outcome).toMatchObject({
      outcome: 'unknown',
    });
    expect((await perform({ ...refused, founds: [NO] }, action)).outcome).toEqual(failed('http_404'));
    expect((await perform({ ...refused, founds: [YES] }, action)).outcome).toEqual(
      succeeded('ref_1', { was_done: true }),
    );
  });

  test('that lost its way is asked about', async () => {
    const script = { remembersMs: 24 * HOUR_MS, outcomes: [unknown('cut')], founds: [YES] };
    expect((await perform(script, laterAction(HOUR_MS))).outcome).toEqual(
      succeeded('ref_1', { was_done: true }),
    );
  });
});

describe('what is not performed', () => {
  const { executor } = scripted();
  const targets = new Executors(new Map([['billing', executor]]));
  const options = { now: NOW, signal: never, pausesMs: [0] };

  test('is an action of another provider than the configuration has under that name', async () => {
    const action = sampleAction({ provider: 'command' });
    expect(await targets.perform(action, options)).toEqual(failed('provider_differs'));
  });

  test('is an action for a name that the configuration does not have', async () => {
    expect(targets.targets).toEqual(['billing']);
    expect(await targets.perform(sampleAction({ target: 'other' }), options)).toEqual(
      failed('target_unknown'),
    );
  });

  test('is not failed while an earlier attempt may have been', async () => {
    const action = laterAction(HOUR_MS, { target: 'other' });
    expect(await targets.perform(action, options)).toMatchObject({
      outcome: 'unknown',
      code: 'target_unknown',
    });
  });

  test.each([
    [{}, 'the field payment_intent is missing'],
    [{ payment_intent: null }, 'the field payment_intent is missing'],
    [{ payment_intent: 7 }, 'the field payment_intent must be a string'],
    [{ payment_intent: 'pi_1', amount: '5' }, 'the field amount must be a number'],
    [{ payment_intent: 'pi_1', destination: 'acct_evil' }, 'it has a field that this provider does not know'],
  ])('is an input that the provider does not take: %j', async (input, detail) => {
    const stripe = new FunctionExecutor(async () => succeeded(null), { provider: 'stripe.refund' });
    const action = sampleAction({ provider: 'stripe.refund', input });
    expect(await performAction(stripe, action, options)).toEqual(failed('input_refused', detail));
  });
});

test('an executor that says what nobody understands is not known to have done nothing', async () => {
  const odd = new FunctionExecutor(async () => failed('with blanks and ord-7'), { provider: 'webhook' });
  expect(await performAction(odd, sampleAction(), { now: NOW, signal: never })).toEqual(
    unknown('outcome_invalid'),
  );
});

test('a function that throws is not known to have done nothing', async () => {
  const throwing = new FunctionExecutor(() => Promise.reject(new Error('secret')), { provider: 'webhook' });
  expect(await performAction(throwing, sampleAction(), { now: NOW, signal: never })).toEqual(
    unknown('function_threw'),
  );
});

test('all executors are closed together', async () => {
  let closed = 0;
  const closing = {
    ...scripted().executor,
    provider: 'webhook' as const,
    remembersMs: null,
    perform: async () => succeeded(null),
    close: async () => {
      closed += 1;
    },
  };
  await new Executors(
    new Map([
      ['a', closing],
      ['b', closing],
      ['c', scripted().executor],
    ]),
  ).close();
  expect(closed).toBe(2);
});
