import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import { gist, leasedRow, machine, NOW, person, proposalRow, queuedRow, worldOf } from '../test-support.ts';
import { cancel } from './cancel-proposal.ts';

const operator = person('opal', { roles: ['operator'] });
const agent = (id: string) => machine('agent', { actor: { kind: 'agent', id } });

function outcomeOf(row: ProposalRow, identity: Identity = operator) {
  const ask = { type: 'cancel', proposalId: row.proposal_id, reason: null } as const;
  return gist(cancel(worldOf({ proposals: [row] }), ask, identity, NOW));
}

describe('a proposal', () => {
  test.each<[string, ProposalRow]>([
    ['in review', proposalRow()],
    ['approved without a job', proposalRow({ state: 'approved', writable: false })],
    ['queued and never leased', queuedRow(11)],
  ])('%s can be canceled', (_name, row) => {
    expect(outcomeOf(row)).toEqual({ answer: 'ok', entries: ['proposal.canceled'] });
  });

  test.each<[string, ProposalRow]>([
    ['whose job is leased', leasedRow()],
    // Its runner may have had it after all, and have written.
    ['whose lease came back undelivered', queuedRow(11, { attempt: 1, charged: 0 })],
    ['whose lease ran out', queuedRow(11, { attempt: 1, charged: 1 })],
    ['whose job is a dead letter', queuedRow(11, { job_state: 'dead_letter', attempt: 5, charged: 5 })],
    ['that was applied', proposalRow({ state: 'applied', job_state: 'applied' })],
    ['that was rejected', proposalRow({ state: 'rejected' })],
  ])('%s cannot', (_name, row) => {
    expect(outcomeOf(row)).toEqual({ answer: 'proposal_not_cancelable', entries: [] });
  });

  test('of another agent is as if it did not exist', () => {
    expect(outcomeOf(proposalRow(), agent('crd_agent')).answer).toBe('ok');
    expect(outcomeOf(proposalRow(), agent('crd_other'))).toEqual({
      answer: 'proposal_not_found',
      entries: [],
    });
  });
});
