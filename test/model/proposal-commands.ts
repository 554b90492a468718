import fc from 'fast-check';
import { expect } from 'vitest';
import { proposal } from '../support/change-set.ts';
import { submission } from '../support/submission.ts';
import { command, onProposal, picks } from './command.ts';
import { expectAnswer } from './real.ts';

export const propose = fc
  .record({
    proposer: fc.constantFrom('service', 'service', 'adam'),
    required: fc.constantFrom(1, 1, 1, 2),
    isWritable: fc.constantFrom(true, true, true, true, false),
    seconds: fc.constantFrom(60, 600, 6_000),
    key: fc.uuid(),
    isRepeated: fc.constantFrom(false, false, false, true),
  })
  .map(({ proposer, required, isWritable, seconds, key, isRepeated }) =>
    command(
      `propose(${proposer}, ${required}, ${isWritable ? 'write' : 'shadow'}, ${seconds} s)`,
      async (belief, { tenant }) => {
        const made = belief.propose({ proposer, required, isWritable }, seconds * 1_000);
        const changes = {
          approval: { status: 'pending', required_approvals: required },
          mode: isWritable ? 'review_required' : 'shadow',
        };
        const body = proposal(changes, { expires_in_seconds: seconds });
        const client = tenant[proposer];
        const send = () => client.post('/v1/proposals', body, { headers: { 'idempotency-key': key } });
        const first = await send();
        expectAnswer(first, { status: 201, code: undefined });
        made.id = String(first.body.proposal_id);
        if (isRepeated) expect((await send()).body).toEqual(first.body);
      },
    ),
  );

const WEEK_MS = 7 * 86_400_000;
export const submit = fc.uuid().map((uuid) =>
  command('submit', async (belief, { tenant }) => {
    const made = belief.propose({ proposer: 'runner', required: 1, isWritable: true }, WEEK_MS);
    made.id = `wrp_${uuid.replaceAll('-', '').slice(0, 20)}`;
    const answer = await tenant.runner.post('/v1/runner/proposals', submission(made.id));
    expectAnswer(answer, { status: 201, code: undefined });
  }),
);

export const decide = fc
  .record({
    pick: picks,
    who: fc.constantFrom('ada', 'ada', 'aron', 'adam'),
    isApproval: fc.constantFrom(true, true, true, false),
    isOutdated: fc.constantFrom(false, false, false, false, true),
  })
  .map(({ pick, who, isApproval, isOutdated }) =>
    onProposal(
      `${who} ${isApproval ? 'approves' : 'rejects'}${isOutdated ? ' what is outdated' : ''}`,
      pick,
      ({ state }) => state === 'pending_review',
      async (one, belief, { tenant }) => {
        const path = `/v1/proposals/${one.id}/${isApproval ? 'approve' : 'reject'}`;
        const body = isOutdated ? { effect_digest: `sha256:${'0'.repeat(64)}` } : {};
        const answer = await tenant[who].post(path, body);
        expectAnswer(answer, belief.decide(one, who, isApproval ? 'approved' : 'rejected', isOutdated));
      },
    ),
  );

export const cancel = fc
  .record({ pick: picks, who: fc.constantFrom('agent', 'otherAgent', 'otto') })
  .map(({ pick, who }) =>
    onProposal(
      `${who} cancels`,
      pick,
      ({ job }) => job === 'queued',
      async (one, belief, { tenant }) => {
        const answer = await tenant[who].post(`/v1/proposals/${one.id}/cancel`);
        expectAnswer(answer, belief.cancel(one, who));
      },
    ),
  );

export const settle = fc
  .record({ pick: picks, verb: fc.constantFrom('requeue' as const, 'requeue' as const, 'discard' as const) })
  .map(({ pick, verb }) =>
    onProposal(
      `otto says ${verb}`,
      pick,
      ({ job }) => job === 'dead_letter',
      async (one, belief, { tenant }) => {
        const answer = await tenant.otto.post(`/v1/jobs/wbj_${one.id}/${verb}`);
        expectAnswer(answer, belief.settle(one, verb));
      },
    ),
  );
