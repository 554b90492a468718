import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import {
  contractOf,
  inForce,
  rehearsalState,
  rehearsedSubmission,
  rehearsingRow,
  requestOf,
} from '../test-contract.ts';
import { appendAll, gist, machine, NOW, proposalRow, submissionOf, worldOf } from '../test-support.ts';
import type { Body } from '../turn/body.ts';
import { revise } from './revise-proposal.ts';

const agent = machine('agent', { bindings: { tenant_id: 'acme', principal: 'principal' } });
const other = machine('agent', { actor: { kind: 'agent', id: 'crd_other' } });
const approval = {
  verdict: 'approved' as const,
  by: 'person:iss bob',
  name: 'bob',
  at: NOW,
  reason: null,
  effect_digest: 'sha256:effect',
  approval_roles: [],
};
/** Reviewed in part, by one of two. */
const reviewed = proposalRow({
  requirements: [{ role: null, approvals: 2 }],
  decisions: [approval],
  rehearsal: rehearsalState({ status: 'done', seq: 12 }),
});
const args = { invoice: 'INV-1', fee: 100 };

function revised(
  row: ProposalRow,
  request: object,
  body: Body = rehearsedSubmission(row),
  who: Identity = agent,
) {
  const law = inForce(contractOf());
  const world = worldOf({
    proposals: [row],
    keyed: law.keyed,
    bodies: [...law.bodies, { seq: row.body_seq, body }],
  });
  const outcome = revise(world, { type: 'revise', proposalId: row.proposal_id, request }, who, NOW);
  appendAll(world, outcome);
  return { ...gist(outcome), after: world.proposal(row.proposal_id) };
}

describe('another effect', () => {
  test('is a new version: it is rehearsed anew, and what was approved before counts no more', () => {
    expect(revised(reviewed, { args })).toMatchObject({
      answer: 'ok',
      entries: ['proposal.revised'],
      after: {
        state: 'rehearsing',
        version: 2,
        decisions: [],
        requirements: [],
        writable: false,
        rehearsal: { status: 'asked', number: 2, lease_id: null, seq: null },
      },
    });
    expect(revised(reviewed, { args }).after?.effect_digest).not.toBe(reviewed.effect_digest);
  });

  test('takes no more time than there was', () => {
    expect(revised(reviewed, { args }).after?.expires_at).toBe(reviewed.expires_at);
  });

  test('may be asked for while the first is rehearsed', () => {
    const row = rehearsingRow();
    expect(revised(row, { args }, requestOf(row))).toMatchObject({
      answer: 'ok',
      after: { version: 2, rehearsal: { number: 2, lease_id: null } },
    });
  });

  test.each<[string, object, string, string[]]>([
    ['beyond the contract', { args: { ...args, fee: 20_000 } }, 'bound_exceeded', []],
    ['of another tenant', { args: { ...args, tenant_id: 'other' } }, 'hidden_binding', ['attempt.refused']],
  ])('%s is refused, and the version before stands', (_name, request, answer, entries) => {
    expect(revised(reviewed, request)).toMatchObject({
      answer,
      entries,
      after: { version: 1, decisions: [approval] },
    });
  });

  test('of a complete change set must be proposed anew', () => {
    expect(revised(reviewed, { args }, submissionOf(reviewed))).toMatchObject({
      answer: 'proposal_not_revisable',
      entries: [],
    });
  });
});

describe('an answer', () => {
  const asked = {
    ...reviewed,
    state: 'changes_requested' as const,
    conversation: [{ kind: 'question' as const, by: 'person:iss ann', name: 'ann', at: NOW, text: 'why?' }],
  };

  test('brings a proposal back to its reviewers, with what they had approved', () => {
    expect(revised(asked, { answer: 'because' })).toMatchObject({
      answer: 'ok',
      entries: ['proposal.answered'],
      after: {
        state: 'pending_review',
        version: 1,
        decisions: [approval],
        conversation: [{ kind: 'question' }, { kind: 'answer', by: 'agent:crd_agent', text: 'because' }],
      },
    });
  });

  test('with another effect is both', () => {
    expect(revised(asked, { answer: 'so it is', args })).toMatchObject({
      entries: ['proposal.answered', 'proposal.revised'],
      after: { state: 'rehearsing', version: 2, decisions: [], conversation: [{}, { text: 'so it is' }] },
    });
  });

  test('that nobody asked for is refused: answers without end would push the questions away', () => {
    expect(revised(reviewed, { answer: 'by the way' })).toMatchObject({
      answer: 'proposal_not_revisable',
      entries: [],
    });
  });
});

describe('nobody revises', () => {
  test.each<[string, ProposalRow, Identity, string]>([
    ['a proposal of another agent', reviewed, other, 'proposal_not_found'],
    ['one that is decided', { ...reviewed, state: 'rejected' }, agent, 'proposal_not_revisable'],
    ['one that was approved', { ...reviewed, state: 'approved' }, agent, 'proposal_not_revisable'],
    ['one that has expired', { ...reviewed, expires_at: NOW }, agent, 'proposal_expired'],
  ])('%s', (_name, row, who, answer) => {
    for (const request of [{ args }, { answer: 'because' }]) {
      expect(revised(row, request, rehearsedSubmission(row), who)).toMatchObject({ answer, entries: [] });
    }
  });
});
