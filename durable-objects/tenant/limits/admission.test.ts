import { usualLimits } from '@countersign/protocol/limits';
import { describe, expect, test } from 'vitest';
import { NOW, SOURCE } from '../test-support.ts';
import type { Ask, Caller, Look } from '../turn/command.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import { Admission } from './admission.ts';

const address = { tenant: 'prj_test', shard: 'DB' };
const look: Look = { type: 'list-runners', limit: 1, cursor: null };
const accept: Ask = { type: 'accept-invitation', offered: { id: 'inv_1', digest: 'd' } };
const person: Caller = { kind: 'person', person: 'iss mallory' };
const agent = (credentialId: string): Caller => ({ kind: 'agent', credentialId, digest: 'd' });
const notThere = refuse('project_not_found', 'there is no such project, or you are not a member of it');
const revoked = refuse('token_revoked', 'this token has been revoked');

function admissionOf(limits: Partial<typeof usualLimits>, claims = 0) {
  return new Admission({ ...usualLimits, ...limits }, { of: (kind) => (kind === 'claims' ? claims : 0) });
}

/** Asks so often, each answered with this; the last of what came. */
function ask(admission: Admission, caller: Caller, times: number, reply: Reply, asked: Ask | Look = look) {
  const call = { caller, ask: asked };
  let told: Reply | undefined;
  for (let time = 0; time < times; time += 1) {
    const admitted = admission.request(call, NOW);
    told = admitted.isAdmitted
      ? { ...reply, near: admission.answered(call, reply, admitted.near, NOW) }
      : admitted.reply;
  }
  return told;
}

describe('who is no member', () => {
  test('never hears of a limit, which would tell that there is such a project', () => {
    const admission = admissionOf({ requests_per_minute_each: 5 });
    expect(ask(admission, person, 5, notThere)).toEqual({ ...notThere, near: [] });
    expect(ask(admission, person, 1, notThere)).toEqual(notThere);
    expect(ask(admission, person, 1, notThere, accept)).toMatchObject({
      refusal: { code: 'invitation_not_found' },
    });
    expect(ask(admission, person, 1, notThere, { type: 'may', asked: 'accept-invitation' })).toMatchObject({
      ok: true,
    });
  });

  test('hears of it once they are', () => {
    const admission = admissionOf({ requests_per_minute_each: 5 });
    ask(admission, person, 1, notThere);
    ask(admission, person, 4, answer({ ok: true }));
    expect(ask(admission, person, 1, notThere)).toMatchObject({ refusal: { code: 'limit_reached' } });
  });
});

test('tokens that count no more use up nothing that others share', () => {
  const admission = admissionOf({ requests_per_minute_each: 5, agent_requests_per_minute: 5 });
  ask(admission, agent('old'), 100, revoked);
  expect(ask(admission, agent('good'), 4, answer({ ok: true }))).toMatchObject({ ok: true });
  expect(ask(admission, agent('good'), 2, answer({ ok: true }))).toMatchObject({ ok: false });
});

describe('a claim that wants to be held', () => {
  const claim = {
    type: 'claim',
    request: { source_id: SOURCE, runner_id: 'run_a', limit: 1, lease_seconds: 30, wait_seconds: 25 },
  } as const;
  const held = (caller: Caller) => ({ kind: 'claim', address, caller, claim }) as const;
  const runner: Caller = { kind: 'runner', credentialId: 'crd_runner', digest: 'd' };

  test('is refused where as many are held as may be, and warned before', () => {
    expect(admissionOf({ held_polls: 5 }, 5).hold(held(runner), NOW)).toMatchObject({
      isAdmitted: false,
      reply: { refusal: { code: 'limit_reached', limit: { name: 'held_polls', used: 5, limit: 5 } } },
    });
    expect(admissionOf({ held_polls: 5 }, 3).hold(held(runner), NOW)).toMatchObject({
      isAdmitted: true,
      near: [{ name: 'held_polls', used: 4, limit: 5 }],
    });
  });

  test('is left to the turn where it comes from no runner', () => {
    expect(admissionOf({ held_polls: 5 }, 5).hold(held(person), NOW)).toMatchObject({
      isAdmitted: true,
      near: [],
    });
  });
});

test('a limit is noted once an hour, unless that could not be written', () => {
  const admission = admissionOf({});
  const mark = { name: 'open_runs', used: 8, limit: 10 } as const;
  const noted = (now: number) => admission.unnoted([mark], now).length;
  expect([noted(NOW), noted(NOW + 3_599_999), noted(NOW + 3_600_000)]).toEqual([1, 0, 1]);
  admission.forgetNoted('open_runs');
  expect(noted(NOW + 3_600_001)).toBe(1);
});
