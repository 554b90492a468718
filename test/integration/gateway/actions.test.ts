import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  approveAction,
  claimAction,
  claimActions,
  confirm,
  DONE,
  intend,
  LATER,
  letAct,
  mail,
  notice,
  readAction,
  refund,
} from '../../support/action-flow.ts';
import { EVENTS, REFUND, TARGET } from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { RUNNER } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedClockedPlane;
let tenant: TestTenant;

beforeAll(async () => {
  plane = await sharedClockedPlane();
}, 60_000);
beforeEach(async () => {
  tenant = await letAct(await plane.tenantWithOwnRows());
});

/** A worker has asked, and nobody can tell. */
const LOST = { outcome: 'unknown', code: 'outcome_unknown' } as const;

const state = async (id: string) => (await readAction(tenant.olivia, id)).status;
const MINUTE_MS = 60_000;

describe('an intended action', () => {
  test('is stored with its key, and waits for people where its contract says so', async () => {
    const { body, status } = must(await tenant.agent.post('/v1/actions', refund()));
    expect([status, body.status]).toEqual([201, 'proposed']);
    const seen = await readAction(tenant.ada, String(body.action_id));
    expect(seen).toMatchObject({
      status: 'proposed',
      target: TARGET,
      input: { payment_intent: 'pi_1', amount: 500, reason: 'requested_by_customer' },
      waiting: { why: 'it needs an approval of anyone who may approve' },
    });
    expect(seen.idempotency_key).toMatch(/^csk_[0-9a-f]{32}$/);
    expect(await claimActions(tenant.runner)).toEqual([]);
  });

  test('goes on at once where nobody is to be asked', async () => {
    const id = await intend(tenant.agent, notice());
    expect(await state(id)).toBe('queued');
    expect(await claimAction(tenant.runner)).toMatchObject({
      action_id: id,
      attempt: 1,
      target: EVENTS,
      provider: 'webhook',
      must_begin: false,
      first_begun_at: null,
      input: { parcel: 'P-1', event: 'held', on_behalf_of: 'support_agent_17' },
    });
  });

  test.each([
    ['a hidden binding', { ...refund(), args: { ...refund().args, principal: 'me' } }, 'hidden_binding'],
    ['a hidden one in another spelling', { ...refund(), args: { tenantId: 'x' } }, 'hidden_binding'],
    ['an unknown argument', { ...refund(), args: { ...refund().args, more: 1 } }, 'argument_invalid'],
    ['too much', refund('pi_1', 10_001), 'bound_exceeded'],
    ['an action of no contract', { action: 'refunds.none', args: {} }, 'action_unknown'],
    ['a capability', { action: 'billing.adjust_late_fee', args: {} }, 'action_unknown'],
    ['an unknown field', { ...refund(), target: 'mine' }, 'unknown_field'],
  ] as const)('with %s is refused', async (_name, body, code) => {
    expectProblem(await tenant.agent.post('/v1/actions', body), code);
    expect(must(await tenant.olivia.get('/v1/actions')).body.actions).toEqual([]);
  });

  test('that tries to set what is hidden is recorded, by names alone', async () => {
    await tenant.agent.post('/v1/actions', { action: REFUND, args: { principal: 'somebody else' } });
    const { entries = [] } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
    expect(entries.at(-1)).toMatchObject({
      type: 'attempt.refused',
      body: { capability: REFUND, code: 'hidden_binding', hidden: ['principal'] },
    });
    expect(JSON.stringify(entries)).not.toContain('somebody else');
  });

  test('asked for again with the same key is the same action; with another body it is refused', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = must(await tenant.agent.post('/v1/actions', refund(), { headers }));
    const second = must(await tenant.agent.post('/v1/actions', refund(), { headers }));
    expect(second.body).toEqual(first.body);
    expectProblem(
      await tenant.agent.post('/v1/actions', refund('pi_2'), { headers }),
      'idempotency_key_reused',
    );
  });

  test('is seen by its agent and by nobody else’s', async () => {
    const id = await intend(tenant.agent, refund());
    expect(await readAction(tenant.agent, id)).toMatchObject({ action_id: id });
    expectProblem(await tenant.otherAgent.get(`/v1/actions/${id}`), 'action_not_found');
    expect(must(await tenant.otherAgent.get('/v1/actions')).body.actions).toEqual([]);
  });

  test('shows a viewer neither values nor words', async () => {
    const id = await intend(tenant.agent, { ...refund('pi_secret'), reason: 'a secret reason' });
    const text = JSON.stringify(await readAction(tenant.vera, id));
    expect(text).not.toContain('secret');
    expect(text).not.toContain('csk_');
  });
});

describe('a decision', () => {
  test('that approves lets it go, with the note; said again it is the same answer', async () => {
    const id = await intend(tenant.agent, refund());
    const first = must(await approveAction(tenant.ada, id, 'fine by me'));
    expect(first.body).toMatchObject({ status: 'queued' });
    expect(await readAction(tenant.olivia, id)).toMatchObject({
      status: 'queued',
      decisions: [{ verdict: 'approved', name: 'ada', reason: 'fine by me' }],
    });
    expect(must(await approveAction(tenant.ada, id)).body).toEqual(first.body);
    expect(must(await approveAction(tenant.olivia, id)).body).toEqual(first.body);
  });

  test('is about what was looked at', async () => {
    const id = await intend(tenant.agent, refund());
    const effect_digest = `sha256:${'0'.repeat(64)}`;
    expectProblem(await tenant.ada.post(`/v1/actions/${id}/approve`, { effect_digest }), 'decision_outdated');
    expectProblem(await tenant.ada.post(`/v1/actions/${id}/approve`, {}), 'validation_failed');
  });

  test.each(['agent', 'runner', 'service', 'otto', 'audra', 'vera'] as const)(
    'is not for %s',
    async (who) => {
      const id = await intend(tenant.agent, refund());
      const { effect_digest } = await readAction(tenant.olivia, id);
      expectProblem(await tenant[who].post(`/v1/actions/${id}/approve`, { effect_digest }), 'forbidden');
    },
  );

  test('that rejects ends it', async () => {
    const id = await intend(tenant.agent, refund());
    must(await tenant.ada.post(`/v1/actions/${id}/reject`, { reason: 'no' }));
    expect(await state(id)).toBe('rejected');
    expectProblem(await approveAction(tenant.ada, id), 'action_already_decided');
    expect(await claimActions(tenant.runner)).toEqual([]);
  });

  test('that nobody took in time is not taken any more', async () => {
    const id = await intend(tenant.agent, { ...refund(), expires_in_seconds: 60 });
    await plane.advance(tenant, 61_000);
    expect(await state(id)).toBe('expired');
    expectProblem(await approveAction(tenant.ada, id), 'action_expired');
  });
});

describe('the same effect', () => {
  test('asked for again under another key is held, and shown as likely done', async () => {
    const first = await intend(tenant.agent, notice());
    must(await confirm(tenant.runner, await claimAction(tenant.runner), DONE));
    const { body } = must(await tenant.agent.post('/v1/actions', notice()));
    expect(body).toMatchObject({
      status: 'held',
      likely_done: { action_id: first, state: 'succeeded' },
    });
    expect(await claimActions(tenant.runner)).toEqual([]);
    must(await approveAction(tenant.ada, String(body.action_id), 'twice, indeed'));
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: body.action_id });
  });

  test('is none where the first came to nothing, or something else is meant', async () => {
    const first = await intend(tenant.agent, notice());
    must(await confirm(tenant.runner, await claimAction(tenant.runner), { outcome: 'failed', code: 'no' }));
    expect(await state(first)).toBe('failed');
    expect(await state(await intend(tenant.agent, notice()))).toBe('queued');
    expect(await state(await intend(tenant.agent, notice('P-1', 'released')))).toBe('queued');
  });
});

describe('a claim', () => {
  test('is one worker’s, and is confirmed by it alone', async () => {
    await intend(tenant.agent, notice());
    const claim = await claimAction(tenant.runner);
    expect(await claimActions(tenant.otherRunner)).toEqual([]);
    expectProblem(await confirm(tenant.otherRunner, claim, DONE), 'claim_foreign');
    expectProblem(await confirm(tenant.runner, claim, DONE, 'runner-2'), 'claim_foreign');
    must(await confirm(tenant.runner, claim, DONE));
    expect(await readAction(tenant.olivia, claim.action_id)).toMatchObject({
      status: 'succeeded',
      result: { result: { outcome: 'succeeded', reference: 're_1' }, runner_id: RUNNER },
    });
  });

  test('must be there before anything is confirmed', async () => {
    const id = await intend(tenant.agent, notice());
    expectProblem(
      await confirm(tenant.runner, { action_id: id, claim_id: 'clm_none' }, DONE),
      'claim_required',
    );
    expect(await state(id)).toBe('queued');
  });

  test('that is confirmed twice alike is one answer; otherwise it is refused', async () => {
    await intend(tenant.agent, notice());
    const claim = await claimAction(tenant.runner);
    const first = must(await confirm(tenant.runner, claim, DONE));
    expect(must(await confirm(tenant.runner, claim, DONE)).body).toEqual(first.body);
    expectProblem(await confirm(tenant.runner, claim, { outcome: 'failed' }), 'confirm_differs');
    expect(await state(claim.action_id)).toBe('succeeded');
  });

  test('that ran out is taken by another; the late word is refused, and kept', async () => {
    const id = await intend(tenant.agent, notice());
    const late = await claimAction(tenant.runner, { lease_seconds: 30 });
    await plane.advance(tenant, 31_000);
    expect(await state(id)).toBe('queued');
    expectProblem(await confirm(tenant.runner, late, DONE), 'claim_expired');
    expectProblem(await confirm(tenant.runner, late, DONE), 'claim_expired');
    const next = await claimAction(tenant.otherRunner, { runner_id: 'runner-2' });
    expect(next).toMatchObject({ action_id: id, attempt: 2 });
    expect(next.idempotency_key).toBe(late.idempotency_key);
    expect(next.first_begun_at).not.toBeNull();
    expectProblem(await confirm(tenant.runner, late, DONE), 'claim_expired');
    expect(await readAction(tenant.olivia, id)).toMatchObject({
      status: 'claimed',
      refused: { result: { outcome: 'succeeded' }, claim_id: late.claim_id },
    });
  });

  test('is extended by whoever has it', async () => {
    await intend(tenant.agent, notice());
    const claim = await claimAction(tenant.runner, { lease_seconds: 30 });
    await plane.advance(tenant, 20_000);
    const request = { runner_id: RUNNER, claim_id: claim.claim_id, lease_seconds: 30 };
    must(await tenant.runner.post(`/v1/actions/${claim.action_id}/renew`, request));
    await plane.advance(tenant, 20_000);
    must(await confirm(tenant.runner, claim, DONE));
    expectProblem(await tenant.runner.post(`/v1/actions/${claim.action_id}/renew`, request), 'claim_expired');
  });

  test('that is given back costs no attempt', async () => {
    const id = await intend(tenant.agent, notice());
    for (const attempt of [1, 2, 3, 4, 5]) {
      const claim = await claimAction(tenant.runner);
      expect(claim).toMatchObject({ attempt, first_begun_at: null });
      const request = { runner_id: RUNNER, claim_id: claim.claim_id, reason: 'draining' };
      must(await tenant.runner.post(`/v1/actions/${id}/return`, request));
    }
    expect(await state(id)).toBe('queued');
  });

  test('covers the targets of its token only', async () => {
    expectProblem(
      await tenant.runner.post('/v1/actions/claim', { runner_id: RUNNER, targets: ['elsewhere'] }),
      'target_not_permitted',
    );
  });
});

describe('what comes to nothing', () => {
  test('is tried again, ever later, and ends as a dead letter that a person brings back', async () => {
    const id = await intend(tenant.agent, notice());
    for (const rest of [2_000, 4_000]) {
      must(await confirm(tenant.runner, await claimAction(tenant.runner), LATER));
      expect(await claimActions(tenant.runner)).toEqual([]);
      await plane.advance(tenant, rest);
    }
    must(await confirm(tenant.runner, await claimAction(tenant.runner), LATER));
    expect(await readAction(tenant.olivia, id)).toMatchObject({ status: 'dead_letter', attempts: 3 });
    const settle = (body: object, who = tenant.otto) => who.post(`/v1/actions/${id}/settle`, body);
    expectProblem(await settle({ outcome: 'retry', reason: 'again' }, tenant.ada), 'forbidden');
    must(await settle({ outcome: 'retry', reason: 'they are back' }));
    must(await confirm(tenant.runner, await claimAction(tenant.runner), DONE));
    expect(await state(id)).toBe('succeeded');
    expectProblem(await settle({ outcome: 'failed', reason: 'no' }), 'action_not_settleable');
  });

  test('rests as long as the provider asks for', async () => {
    await intend(tenant.agent, notice());
    const result = { ...LATER, retry_after_ms: 600_000 };
    must(await confirm(tenant.runner, await claimAction(tenant.runner), result));
    await plane.advance(tenant, 9 * MINUTE_MS);
    expect(await claimActions(tenant.runner)).toEqual([]);
    await plane.advance(tenant, MINUTE_MS);
    expect(await claimActions(tenant.runner)).toHaveLength(1);
  });

  test('of which its worker cannot tell is tried again, where the next attempt finds out', async () => {
    const id = await intend(tenant.agent, notice());
    const first = await claimAction(tenant.runner);
    must(await confirm(tenant.runner, first, { outcome: 'unknown', code: 'timeout' }));
    expect(await state(id)).toBe('queued');
    await plane.advance(tenant, 2_000);
    const second = await claimAction(tenant.runner);
    expect(second).toMatchObject({ action_id: id, idempotency_key: first.idempotency_key });
    expect(second.first_begun_at).not.toBeNull();
    must(await confirm(tenant.runner, second, LATER));
    await plane.advance(tenant, 4_000);
    expect(await claimAction(tenant.runner)).toMatchObject({ first_begun_at: second.first_begun_at });
  });

  test('and surely did not happen leaves no doubt for the next attempt', async () => {
    await intend(tenant.agent, mail());
    const claim = await claimAction(tenant.runner);
    const request = { runner_id: RUNNER, claim_id: claim.claim_id };
    must(await tenant.runner.post(`/v1/actions/${claim.action_id}/begin`, request));
    must(await confirm(tenant.runner, claim, { outcome: 'retry', code: 'greylisted' }));
    await plane.advance(tenant, 2_000);
    expect(await claimAction(tenant.runner)).toMatchObject({ attempt: 2, first_begun_at: null });
  });

  test('of which nobody can tell waits for a person, who says what happened', async () => {
    const id = await intend(tenant.agent, notice());
    must(await confirm(tenant.runner, await claimAction(tenant.runner), LOST));
    expect(await readAction(tenant.olivia, id)).toMatchObject({
      status: 'unknown',
      waiting: { why: 'nobody can tell whether it has happened' },
    });
    const body = { outcome: 'succeeded', reason: 'it stands in their log' };
    must(await tenant.otto.post(`/v1/actions/${id}/settle`, body));
    expect(await state(id)).toBe('succeeded');
  });
});

describe('a message that can be neither taken back nor asked about', () => {
  test('is begun with a word; lost after that, it is never sent again by itself', async () => {
    const id = await intend(tenant.agent, mail());
    const claim = await claimAction(tenant.runner, { lease_seconds: 30 });
    expect(claim).toMatchObject({ must_begin: true });
    const request = { runner_id: RUNNER, claim_id: claim.claim_id };
    must(await tenant.runner.post(`/v1/actions/${id}/begin`, request));
    await plane.advance(tenant, 31_000);
    expect(await state(id)).toBe('unknown');
    expect(await claimActions(tenant.runner)).toEqual([]);
    await plane.advance(tenant, 86_400_000);
    expect(await state(id)).toBe('unknown');
  });

  test('lost before that, it was not sent, and is tried again', async () => {
    const id = await intend(tenant.agent, mail());
    await claimAction(tenant.runner, { lease_seconds: 30 });
    await plane.advance(tenant, 31_000);
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id, first_begun_at: null });
  });

  test('once begun, it is not given back', async () => {
    const id = await intend(tenant.agent, mail());
    const claim = await claimAction(tenant.runner);
    const request = { runner_id: RUNNER, claim_id: claim.claim_id };
    must(await tenant.runner.post(`/v1/actions/${id}/begin`, request));
    expectProblem(
      await tenant.runner.post(`/v1/actions/${id}/return`, { ...request, reason: 'draining' }),
      'claim_begun',
    );
  });
});

describe('an order', () => {
  test('lets one of its actions after the other out, a lost one included', async () => {
    const ids = [];
    for (const cents of [100, 200, 300]) {
      const id = await intend(tenant.agent, refund('pi_1', cents));
      must(await approveAction(tenant.ada, id));
      ids.push(id);
    }
    const other = await intend(tenant.agent, refund('pi_2', 100));
    must(await approveAction(tenant.ada, other));
    const claims = await claimActions(tenant.runner);
    expect(claims.map(({ action_id }) => action_id)).toEqual([ids[0], other]);
    expect(await readAction(tenant.olivia, String(ids[1]))).toMatchObject({
      waiting: { why: 'another one about the same goes first' },
    });
    const [first] = claims;
    if (first === undefined) throw new TypeError('nothing was claimed');
    must(await confirm(tenant.runner, first, LOST));
    expect(await claimActions(tenant.runner)).toEqual([]);
    must(await tenant.otto.post(`/v1/actions/${ids[0]}/settle`, { outcome: 'failed', reason: 'not there' }));
    const second = await claimAction(tenant.runner);
    expect(second.action_id).toBe(ids[1]);
    must(await confirm(tenant.runner, second, DONE));
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: ids[2] });
  });

  test('goes on when somebody takes back who stands at its front', async () => {
    const ids = [];
    for (const cents of [100, 200]) {
      const id = await intend(tenant.agent, refund('pi_1', cents));
      must(await approveAction(tenant.ada, id));
      ids.push(id);
    }
    must(await tenant.agent.post(`/v1/actions/${ids[0]}/cancel`));
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: ids[1] });
  });
});

describe('a provider in trouble', () => {
  async function trouble(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await intend(tenant.agent, notice(`P-${time}`));
      must(
        await confirm(tenant.runner, await claimAction(tenant.runner), {
          ...LATER,
          retry_after_ms: 3_600_000,
        }),
      );
    }
  }

  test('is left alone after five attempts in a row, then tried with one', async () => {
    await trouble(5);
    const ids = [await intend(tenant.agent, notice('P-a')), await intend(tenant.agent, notice('P-b'))];
    expect(await claimActions(tenant.runner)).toEqual([]);
    expect(must(await tenant.otto.get('/v1/action-targets')).body).toMatchObject({
      targets: [{ target: EVENTS, state: 'open', failures: 5 }],
    });
    await plane.advance(tenant, 30_000);
    const [trial, ...others] = await claimActions(tenant.runner);
    expect([trial?.action_id, others]).toEqual([ids[0], []]);
    expect(await claimActions(tenant.otherRunner)).toEqual([]);
    if (trial === undefined) throw new TypeError('nothing was claimed');
    must(await confirm(tenant.runner, trial, DONE));
    expect((await claimActions(tenant.runner)).map(({ action_id }) => action_id)).toEqual([ids[1]]);
  });

  test('that is still in trouble rests twice as long', async () => {
    await trouble(5);
    await intend(tenant.agent, notice('P-a'));
    await plane.advance(tenant, 30_000);
    must(
      await confirm(tenant.runner, await claimAction(tenant.runner), { ...LATER, retry_after_ms: 3_600_000 }),
    );
    await intend(tenant.agent, notice('P-b'));
    await plane.advance(tenant, 59_000);
    expect(await claimActions(tenant.runner)).toEqual([]);
    await plane.advance(tenant, 1_000);
    expect(await claimActions(tenant.runner)).toHaveLength(1);
  });

  test('keeps nothing from the others', async () => {
    await trouble(5);
    const id = await intend(tenant.agent, mail());
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id });
  });
});

describe('dead letters', () => {
  test('come back as many as were counted, and no faster than said', async () => {
    for (const parcel of ['A', 'B', 'C']) await intend(tenant.agent, notice(parcel));
    for (const wait of [0, 2_000, 4_000]) {
      await plane.advance(tenant, wait);
      for (const claim of await claimActions(tenant.runner)) {
        must(await confirm(tenant.runner, claim, LATER));
      }
      await plane.advance(tenant, 30_000);
    }
    for (let round = 0; round < 20; round += 1) {
      await plane.advance(tenant, 20 * MINUTE_MS);
      for (const claim of await claimActions(tenant.runner)) {
        must(await confirm(tenant.runner, claim, LATER));
      }
    }
    expect(must(await tenant.otto.get('/v1/action-targets')).body).toMatchObject({
      targets: [{ target: EVENTS, dead_letters: 3 }],
    });
    const recover = (changes = {}) =>
      tenant.otto.post('/v1/action-targets/recover', {
        target: EVENTS,
        expected: 3,
        per_minute: 2,
        reason: 'they are back',
        ...changes,
      });
    expectProblem(await recover({ expected: 2 }), 'recovery_outdated');
    expect(must(await recover()).body).toMatchObject({ recovered: 3, left: 0 });
    await plane.advance(tenant, 20 * MINUTE_MS);
    const [trial] = await claimActions(tenant.runner);
    if (trial === undefined) throw new TypeError('nothing was claimed');
    must(await confirm(tenant.runner, trial, DONE));
    expect(await claimActions(tenant.runner)).toHaveLength(2);
  });
});
