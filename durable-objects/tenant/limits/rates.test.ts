import { usualLimits } from '@countersign/protocol/limits';
import { describe, expect, test } from 'vitest';
import { NOW } from '../test-support.ts';
import type { Ask, Call, Caller, Look } from '../turn/command.ts';
import { Rates } from './rates.ts';

const limits = { ...usualLimits, requests_per_minute_each: 10, agent_requests_per_minute: 15 };
const agent = (credentialId: string): Caller => ({ kind: 'agent', credentialId, digest: 'd' });
const runner: Caller = { kind: 'runner', credentialId: 'crd_runner', digest: 'd' };
const person: Caller = { kind: 'person', person: 'iss ann' };
const look: Look = { type: 'list-capabilities' };
const stop: Ask = { type: 'emergency-stop', runnerId: null, reason: 'a flood' };

const call = (caller: Caller, ask: Ask | Look = look): Pick<Call, 'ask' | 'caller'> => ({ caller, ask });

/** Asks again and again; how many were let through. */
function flood(rates: Rates, asked: Pick<Call, 'ask' | 'caller'>, times: number, now = NOW): number {
  let passed = 0;
  for (let time = 0; time < times; time += 1) if (rates.take(asked, now).ok) passed += 1;
  return passed;
}

describe('a limit a minute', () => {
  test('lets through as many as it says, and tells from four fifths on', () => {
    const rates = new Rates(limits);
    expect(flood(rates, call(agent('a')), 7)).toBe(7);
    const mark = { name: 'requests_per_minute_each', used: 8, limit: 10 };
    expect(rates.take(call(agent('a')), NOW)).toEqual({ ok: true, near: [mark], urgency: 'ordinary' });
    expect(flood(rates, call(agent('a')), 10)).toBe(2);
  });

  test('says by name which it is, and when to come back; then there is room', () => {
    const rates = new Rates(limits);
    flood(rates, call(agent('a')), 10);
    const refused = rates.take(call(agent('a')), NOW);
    const limit = { name: 'requests_per_minute_each', used: 10, limit: 10 };
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'limit_reached', retryAfterMs: 6_000, limit },
    });
    expect(flood(rates, call(agent('a')), 5, NOW + 5_999)).toBe(0);
    expect(flood(rates, call(agent('a')), 5, NOW + 6_000)).toBe(1);
  });

  test('is whole again after a minute, and no clock that is set back makes it larger or smaller', () => {
    const rates = new Rates(limits);
    flood(rates, call(agent('a')), 10);
    expect(flood(rates, call(agent('a')), 20, NOW - 60_000)).toBe(0);
    expect(flood(rates, call(agent('a')), 20, NOW + 60_000)).toBe(10);
  });

  test('of one agent leaves room for the others of it, and what is refused takes none', () => {
    const rates = new Rates(limits);
    expect(flood(rates, call(agent('a')), 100)).toBe(10);
    expect(flood(rates, call(agent('b')), 100)).toBe(5);
    expect(rates.take(call(agent('c')), NOW)).toMatchObject({
      refusal: { limit: { name: 'agent_requests_per_minute' } },
    });
  });

  test('that agents have filled is none of people and runners', () => {
    const rates = new Rates({ ...limits, proposals_per_minute: 1 });
    flood(rates, call(agent('a')), 100);
    flood(rates, call(agent('b')), 100);
    for (const one of [person, runner])
      expect(rates.take(call(one), NOW)).toEqual({ ok: true, near: [], urgency: 'ordinary' });
  });

  test('that a person has filled leaves them the emergency stop', () => {
    const rates = new Rates(limits);
    expect(flood(rates, call(person), 100)).toBe(10);
    expect(rates.take(call(person, stop), NOW)).toMatchObject({ ok: true, urgency: 'urgent' });
    expect(flood(rates, call(person, stop), 100)).toBe(59);
    expect(rates.take(call({ kind: 'person', person: 'iss bob' }, stop), NOW)).toMatchObject({ ok: true });
  });

  test('counts nothing of what a runner reports, and everything of an agent, whatever it calls itself', () => {
    const rates = new Rates(limits);
    const beat: Ask = {
      type: 'release',
      jobId: 'wbj_1',
      request: { runner_id: 'run_a', lease_id: 'lse_1', reason: 'draining' },
    };
    expect(flood(rates, call(runner, beat), 1_000)).toBe(1_000);
    expect(rates.take(call(runner, beat), NOW)).toMatchObject({ urgency: 'reporting' });
    expect(flood(rates, call(agent('a'), beat), 100)).toBe(10);
    expect(flood(rates, call(agent('b'), stop), 100)).toBe(5);
  });

  test('forgets who was heard of longest ago, and still holds for all together', () => {
    const rates = new Rates({ ...limits, requests_per_minute_each: 1, agent_requests_per_minute: 30_000 });
    let passed = 0;
    for (let one = 0; one < 40_000; one += 1) if (rates.take(call(agent(`a${one}`)), NOW).ok) passed += 1;
    expect(passed).toBe(30_000);
    expect(rates.used(NOW).get('agent_requests_per_minute')).toBe(30_000);
  });
});
