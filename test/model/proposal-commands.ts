import fc from 'fast-check';
import { expect } from 'vitest';
import { changeSet, proposal, SOURCE } from '../support/change-set.ts';
import { WAIVE } from '../support/contract.ts';
import { must } from '../support/must.ts';
import { submission } from '../support/submission.ts';
import type { Client } from '../support/tenant.ts';
import { command, onProposal } from './command.ts';
import { LEAD, LED, needsOf } from './law.ts';
import type { Proposal } from './proposal.ts';
import { expectAnswer } from './real.ts';
import { picks } from './script-command.ts';

export const propose = fc
  .record({
    proposer: fc.constantFrom('service', 'service', 'adam'),
    capability: fc.constantFrom(WAIVE, WAIVE, LED),
    required: fc.constantFrom(1, 1, 1, 2),
    isLed: fc.constantFrom(false, false, false, true),
    isWritable: fc.constantFrom(true, true, true, true, false),
    seconds: fc.constantFrom(60, 600, 6_000),
    key: fc.uuid(),
    isRepeated: fc.constantFrom(false, false, false, true),
  })
  .map(({ proposer, capability, required, isLed, isWritable, seconds, key, isRepeated }) =>
    command(
      `propose(${proposer}, ${capability}, ${required}${isLed ? ' led' : ''}, ${isWritable ? 'write' : 'shadow'}, ${seconds} s)`,
      async (belief, { tenant }) => {
        const role = isLed ? LEAD : null;
        const needs = needsOf(capability, { role, approvals: required });
        const made = belief.propose({ proposer, isWritable }, needs, seconds * 1_000);
        const approval = { status: 'pending', required_approvals: required };
        const changes = {
          action: capability,
          source: { ...changeSet().source, source_id: SOURCE },
          approval: isLed ? { ...approval, required_role: LEAD } : approval,
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
    const made = belief.propose({ proposer: 'runner', isWritable: true }, needsOf(WAIVE), WEEK_MS);
    made.id = `wrp_${uuid.replaceAll('-', '').slice(0, 20)}`;
    const answer = await tenant.runner.post('/v1/runner/proposals', submission(made.id));
    expectAnswer(answer, { status: 201, code: undefined });
  }),
);

export const decide = fc
  .record({
    pick: picks,
    who: fc.constantFrom('ada', 'ada', 'aron', 'adam'),
    isApproval: fc.constantFrom(true, true, true, true, false),
    effect: fc.constantFrom('right', 'right', 'right', 'none', 'other'),
  })
  .map(({ pick, who, isApproval, effect }) =>
    onProposal(
      `${who} ${isApproval ? 'approves' : 'rejects'} (${effect} effect)`,
      pick,
      ({ state }) => state === 'pending_review',
      async (one, belief, { tenant }) => {
        const path = `/v1/proposals/${one.id}/${isApproval ? 'approve' : 'reject'}`;
        const answer = await tenant[who].post(path, await effectOf(tenant[who], one, effect));
        expectAnswer(answer, belief.decide(one, who, isApproval ? 'approved' : 'rejected', effect));
      },
    ),
  );

/** What a decision says about the effect that it means. */
export async function effectOf(client: Client, { id }: Proposal, effect: 'right' | 'other' | 'none') {
  if (effect === 'none') return {};
  if (effect === 'other') return { effect_digest: `sha256:${'0'.repeat(64)}` };
  const { effect_digest } = must(await client.get(`/v1/proposals/${id}`)).body;
  return { effect_digest };
}

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
