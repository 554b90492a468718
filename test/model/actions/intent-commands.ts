import type { ActionState } from '@countersign/protocol/action/action-requests';
import fc from 'fast-check';
import { expect } from 'vitest';
import { mail, notice, refund } from '../../support/action-flow.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { chosen, picks } from '../script-command.ts';
import { type Action, targets, type Wish } from './action.ts';
import { command, onAction } from './command.ts';
import type { Digest } from './intents.ts';
import type { Belief, Real } from './real.ts';

type Asked = Omit<Wish, 'agent'> & { readonly body: object };

/** Few payments, parcels and subjects: so there are orders, and the same effect is asked for more than once. */
export const refunds = fc
  .record({
    payment: fc.constantFrom('pi_1', 'pi_1', 'pi_2', 'pi_3'),
    cents: fc.constantFrom(100, 200, 300, 400),
  })
  .map(({ payment, cents }): Asked => {
    const effect = `refund ${payment} ${cents}`;
    return { kind: 'refund', effect, order: payment, body: refund(payment, cents) };
  });
export const notices = fc
  .record({ parcel: fc.constantFrom('A', 'B', 'C', 'D', 'E'), event: fc.constantFrom('held', 'released') })
  .map(({ parcel, event }): Asked => {
    return { kind: 'notice', effect: `notice ${parcel} ${event}`, order: null, body: notice(parcel, event) };
  });
export const mails = fc
  .constantFrom('a', 'b', 'c', 'd')
  .map((subject): Asked => ({ kind: 'mail', effect: `mail ${subject}`, order: null, body: mail(subject) }));

export const wishes = fc.record({
  asked: fc.oneof(refunds, notices, mails),
  agent: fc.constantFrom('agent', 'agent', 'agent', 'otherAgent'),
  seconds: fc.constantFrom(60, 60, 600, 7_200, 604_800),
});
export type Wanted = typeof wishes extends fc.Arbitrary<infer One> ? One : never;

function named({ agent, asked, seconds }: Wanted): string {
  return `${agent} asks for ${asked.effect}, ${seconds} s`;
}

async function ask(belief: Belief, { tenant }: Real, { agent, asked, seconds }: Wanted): Promise<Action> {
  const { body, ...wish } = asked;
  const made = belief.request({ ...wish, agent }, seconds * 1_000);
  const answer = await tenant[agent].post('/v1/actions', { ...body, expires_in_seconds: seconds });
  belief.expect('request', answer, { status: 201, code: undefined });
  made.id = String(answer.body.action_id);
  made.digest = String(answer.body.effect_digest);
  made.key = String(answer.body.idempotency_key);
  return made;
}

export const requests = wishes.map((wanted) =>
  command(named(wanted), async (belief, real) => {
    await ask(belief, real, wanted);
  }),
);

/** Asks, and lets it go where somebody must. */
export async function askAndLetGo(belief: Belief, real: Real, wanted: Wanted): Promise<void> {
  const made = await ask(belief, real, wanted);
  const answer = await say(real, made, 'ada', 'approved', 'right');
  belief.expect('approve', answer, belief.decide(made, 'ada', 'approved', 'right'));
}

export const lettingGo = wishes.map((wanted) =>
  command(`${named(wanted)}, and ada lets it go`, (belief, real) => askAndLetGo(belief, real, wanted)),
);

function say(
  { tenant }: Real,
  { digest, id }: Action,
  who: 'ada' | 'aron',
  verdict: 'approved' | 'rejected',
  of: Digest,
): Promise<Answer> {
  const digests = { right: digest, other: `sha256:${'0'.repeat(64)}` };
  const body = of === 'none' ? {} : { effect_digest: digests[of] };
  return tenant[who].post(`/v1/actions/${id}/${verdict === 'approved' ? 'approve' : 'reject'}`, body);
}

const decidable = fc.constantFrom<ActionState[]>('proposed', 'held', 'expired');
const isIn = (wanted: ActionState) => (action: Action) => action.state === wanted;

export const approvals = fc
  .record({
    pick: picks,
    who: fc.constantFrom('ada', 'aron'),
    of: fc.constantFrom('right', 'right', 'other'),
    likely: decidable,
  })
  .map(({ pick, who, of, likely }) =>
    onAction(`${who} approves the ${of} one, ${likely}`, pick, isIn(likely), async (action, belief, real) => {
      const answer = await say(real, action, who, 'approved', of);
      belief.expect('approve', answer, belief.decide(action, who, 'approved', of));
    }),
  );

export const rejections = fc
  .record({
    pick: picks,
    who: fc.constantFrom('ada', 'aron'),
    of: fc.constantFrom('right', 'none', 'other'),
    likely: decidable,
  })
  .map(({ pick, who, of, likely }) =>
    onAction(`${who} rejects, digest ${of}, ${likely}`, pick, isIn(likely), async (action, belief, real) => {
      const answer = await say(real, action, who, 'rejected', of);
      belief.expect('reject', answer, belief.decide(action, who, 'rejected', of));
    }),
  );

/** The same effect is asked for twice, and somebody who looks at the second one has a word on it. */
export const doubles = fc
  .record({ wanted: wishes, end: fc.constantFrom('approved', 'rejected', 'canceled') })
  .map(({ wanted, end }) =>
    command(`${named(wanted)}, twice, the second is ${end}`, async (belief, real) => {
      await ask(belief, real, wanted);
      const second = await ask(belief, real, wanted);
      if (end === 'canceled') return cancel(belief, real, second, wanted.agent);
      const answer = await say(real, second, 'ada', end, 'right');
      belief.expect('approve', answer, belief.decide(second, 'ada', end, 'right'));
    }),
  );

type Canceler = 'agent' | 'otherAgent' | 'otto';
async function cancel(belief: Belief, { tenant }: Real, action: Action, who: Canceler): Promise<void> {
  const answer = await tenant[who].post(`/v1/actions/${action.id}/cancel`);
  belief.expect('cancel', answer, belief.cancel(action, who));
}

export const cancels = fc
  .record({
    pick: picks,
    who: fc.constantFrom('agent', 'otherAgent', 'otto'),
    likely: fc.constantFrom<ActionState[]>('proposed', 'held', 'held', 'queued'),
  })
  .map(({ pick, who, likely }) =>
    onAction(`${who} cancels, ${likely}`, pick, isIn(likely), (action, belief, real) =>
      cancel(belief, real, action, who),
    ),
  );

export const settles = fc
  .record({
    pick: picks,
    outcome: fc.constantFrom('succeeded', 'failed', 'retry'),
    likely: fc.constantFrom<ActionState[]>('unknown', 'unknown', 'dead_letter'),
  })
  .map(({ pick, outcome, likely }) =>
    onAction(`otto says ${outcome}, ${likely}`, pick, isIn(likely), async (action, belief, { tenant }) => {
      const body = { outcome, reason: 'it was looked up' };
      const answer = await tenant.otto.post(`/v1/actions/${action.id}/settle`, body);
      belief.expect('settle', answer, belief.settle(action, outcome));
    }),
  );

/** Of a target that has dead letters, where one has. */
export const recoveries = fc
  .record({ pick: picks, more: fc.constantFrom(0, 0, 0, 1), perMinute: fc.constantFrom(1, 7, 600) })
  .map(({ pick, more, perMinute }) =>
    command(
      `otto recovers dead letters, ${more} more than there are, ${perMinute} a minute ~${pick}`,
      async (belief, { tenant }) => {
        const some = targets.filter((one) => belief.dead(one).length > 0);
        const target = chosen(some.length === 0 ? targets : some, pick);
        // Nobody can ask for none.
        const expected = Math.max(1, belief.dead(target).length + more);
        const body = { target, expected, per_minute: perMinute, reason: 'they are back' };
        const answer = await tenant.otto.post('/v1/action-targets/recover', body);
        const outcome = belief.recover(target, expected, perMinute);
        belief.expect('recover', answer, outcome);
        if (outcome.code !== undefined) return;
        expect(must(answer).body).toMatchObject({ recovered: expected, left: 0 });
      },
    ),
  );
