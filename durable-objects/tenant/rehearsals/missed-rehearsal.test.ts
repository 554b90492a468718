import { describe, expect, test } from 'vitest';
import { sweep } from '../jobs/sweep-due.ts';
import type { ProposalRow } from '../schema.ts';
import {
  capability,
  contractOf,
  inForce,
  rehearsalState,
  rehearsedSubmission,
  rehearsingRow,
  requestOf,
} from '../test-contract.ts';
import { appendAll, gist, NOW, proposalRow, worldOf } from '../test-support.ts';
import type { Body } from '../turn/body.ts';

/** What a sweep makes of a proposal whose rehearsal's time is over. */
function swept(row: ProposalRow, body: Body, contract = contractOf()) {
  const law = inForce(contract);
  const world = worldOf({
    keyed: law.keyed,
    proposals: [row],
    bodies: [...law.bodies, { seq: row.body_seq, body }],
    due: [row.seq],
  });
  const outcome = sweep(world, NOW);
  appendAll(world, outcome);
  return { entries: gist(outcome).entries, after: world.proposal(row.proposal_id) };
}

const over = { until: NOW };

describe('a rehearsal that nobody answered in time', () => {
  test.each(['asked', 'leased'] as const)(
    '(%s) lets people look at the request, and nobody approve',
    (status) => {
      const row = rehearsingRow({ rehearsal: rehearsalState({ ...over, status }) });
      expect(swept(row, requestOf(row))).toMatchObject({
        entries: ['rehearsal.missed', 'proposal.unrehearsed'],
        after: {
          state: 'pending_review',
          lane: 'review',
          writable: false,
          requirements: [{ role: null, approvals: 1 }],
          rehearsal: { status: 'missed', seq: null },
          cause: { by: 'rehearsal', message: expect.stringContaining('no runner answered') },
        },
      });
    },
  );

  test('refuses the request where its contract is in force no more', () => {
    const row = rehearsingRow({ rehearsal: rehearsalState(over) });
    const contract = contractOf(capability({ kept_out_fields: ['card', 'note'] }));
    expect(swept(row, requestOf(row), contract)).toMatchObject({
      entries: ['rehearsal.missed', 'proposal.refused'],
      after: { state: 'rejected', cause: { code: 'contract_not_active' } },
    });
  });

  test('approves nothing, though a policy would', () => {
    const policies = [
      {
        name: 'small',
        kind: 'approval' as const,
        mode: 'green' as const,
        rules: [{ field: 'fee', max: 50 }],
      },
    ];
    const one = capability({}, { approval: { mode: 'policy', policy: 'small' } });
    const contract = contractOf(one, { policies });
    const row = rehearsingRow({ rehearsal: rehearsalState(over) });
    expect(swept(row, requestOf(row, contract), contract)).toMatchObject({
      entries: ['rehearsal.missed', 'proposal.unrehearsed'],
      after: { state: 'pending_review', decisions: [] },
    });
  });

  test('leaves what people review as it was', () => {
    const row = proposalRow({ rehearsal: rehearsalState({ ...over, asked_by: 'ann', seq: 12 }) });
    expect(swept(row, rehearsedSubmission(row))).toMatchObject({
      entries: ['rehearsal.missed'],
      after: {
        state: 'pending_review',
        lane: 'review',
        version: 1,
        rehearsal: { status: 'missed', seq: 12 },
      },
    });
  });

  test('answers no question of a reviewer', () => {
    const rehearsal = rehearsalState({ ...over, number: 2, asked_by: 'ann' });
    const row = rehearsingRow({ state: 'changes_requested', rehearsal });
    expect(swept(row, requestOf(row)).after).toMatchObject({ state: 'changes_requested', lane: 'review' });
  });

  test('is not missed a moment before', () => {
    const row = rehearsingRow({ rehearsal: rehearsalState({ until: NOW + 1 }) });
    expect(swept(row, requestOf(row))).toMatchObject({ entries: [], after: { state: 'rehearsing' } });
  });
});
