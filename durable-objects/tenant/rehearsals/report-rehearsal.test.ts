import type { RehearsalResult } from '@countersign/protocol/rehearsal';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import {
  CONTRACT_ID,
  capability,
  contractOf,
  inForce,
  rehearsalState,
  rehearsedSubmission,
  rehearsingRow,
  requestOf,
} from '../test-contract.ts';
import { appendAll, gist, machine, NOW, proposalRow, queuedRow, runner, worldOf } from '../test-support.ts';
import type { Body } from '../turn/body.ts';
import { rehearsalIdOf } from './rehearsal-id.ts';
import { reportRehearsal } from './report-rehearsal.ts';

const first = rehearsingRow();
const seen = { before: { fee: 5_500 }, after: { fee: 0 }, version: 7 } as const;
const approval = {
  verdict: 'approved' as const,
  by: 'person:iss bob',
  name: 'bob',
  at: NOW,
  reason: null,
  effect_digest: 'sha256:effect',
  approval_roles: [],
};
/** In review since its first rehearsal, with one approval of two; a runner looks again. */
const looked = proposalRow({
  requirements: [{ role: null, approvals: 2 }],
  decisions: [approval],
  rehearsal: rehearsalState({ number: 2, asked_by: 'ann', seq: 12 }),
});

interface Given {
  readonly row?: ProposalRow;
  readonly body?: Body;
  readonly contract?: ReturnType<typeof contractOf>;
  readonly identity?: Identity;
  readonly rehearsalId?: string;
  readonly now?: number;
}

function reported(changes: Partial<RehearsalResult> = {}, given: Given = {}) {
  const { row = first, contract = contractOf(), identity = runner, now = NOW } = given;
  const { body = requestOf(row) } = given;
  const law = inForce(contract);
  const world = worldOf({
    keyed: law.keyed,
    proposals: [row],
    bodies: [...law.bodies, { seq: row.body_seq, body }],
  });
  const rehearsalId = given.rehearsalId ?? rehearsalIdOf(row.proposal_id, row.rehearsal?.number ?? 1);
  const request: RehearsalResult = {
    rehearsal_id: rehearsalId,
    runner_id: 'run_a',
    lease_id: 'lse_1',
    status: 'done',
    ...seen,
    rehearsed_at: '2027-01-15T08:00:00.000Z',
    ...changes,
  };
  const outcome = reportRehearsal(world, { type: 'report-rehearsal', rehearsalId, request }, identity, now);
  appendAll(world, outcome, now);
  const after = world.proposal(row.proposal_id);
  const submission = after === undefined ? undefined : world.body(after.body_seq);
  return { ...gist(outcome), after, submission };
}

/** A contract that leaves small waivers to its own policy. */
function approvedByItsPolicy() {
  const one = capability({}, { approval: { mode: 'policy', policy: 'small' } });
  const rules = [{ field: 'fee', max: 50 }];
  const policies = [{ name: 'small', kind: 'approval' as const, mode: 'green' as const, rules }];
  return contractOf(one, { policies });
}

const nothingSeen = { before: undefined, after: undefined, version: undefined } as object;

describe('the first rehearsal of a request', () => {
  test('makes the exact change, which waits for people', () => {
    const { answer, entries, after, submission } = reported();
    expect({ answer, entries }).toEqual({
      answer: 'ok',
      entries: ['rehearsal.reported', 'proposal.submitted'],
    });
    expect(after).toMatchObject({
      state: 'pending_review',
      lane: 'review',
      writable: true,
      version: 1,
      requirements: [{ role: null, approvals: 1 }],
      rehearsal: { status: 'done', seq: 41 },
    });
    expect(submission).toMatchObject({
      requested: { rehearsal_seq: 41 },
      change_set: {
        before: { fee: 5_500 },
        after: { fee: 0 },
        guards: { expected_version: { column: 'version', value: 7 }, tenant: { value: 'acme' } },
      },
    });
  });

  test('keeps what the contract asks of people', () => {
    const approvalBy = { mode: 'human' as const, required_role: 'lead', required_approvals: 2 };
    const contract = contractOf(capability({}, { approval: approvalBy }));
    const { after } = reported({}, { contract, body: requestOf(first, contract) });
    expect(after?.requirements).toEqual([{ role: 'lead', approvals: 2 }]);
  });

  test('may end in an approval, where the contract leaves that to its policy', () => {
    const contract = approvedByItsPolicy();
    expect(reported({}, { contract, body: requestOf(first, contract) })).toMatchObject({
      entries: ['rehearsal.reported', 'proposal.submitted', 'proposal.approved'],
      after: {
        state: 'approved',
        job_state: 'queued',
        decisions: [{ by: `policy:contract:${CONTRACT_ID}/small` }],
      },
    });
  });

  test('that finds no such row refuses it', () => {
    expect(reported({ ...nothingSeen, status: 'row_not_found' })).toMatchObject({
      answer: 'ok',
      entries: ['rehearsal.reported', 'proposal.refused'],
      after: { state: 'rejected', lane: null, cause: { code: 'row_not_found' } },
    });
  });

  test.each(['failed', 'refused'] as const)('that %s lets people look, and nobody approve', (status) => {
    expect(reported({ ...nothingSeen, status, error_code: 'LOCK_TIMEOUT' })).toMatchObject({
      entries: ['rehearsal.reported', 'proposal.unrehearsed'],
      after: {
        state: 'pending_review',
        writable: false,
        cause: { by: 'rehearsal', message: expect.stringContaining('LOCK_TIMEOUT') },
        rehearsal: { status, seq: 41 },
      },
    });
  });

  test('that does not show all that the contract shows is none', () => {
    const contract = contractOf(capability({ visible_fields: ['fee', 'status'] }));
    expect(reported({}, { contract, body: requestOf(first, contract) }).entries).toEqual([
      'rehearsal.reported',
      'proposal.unrehearsed',
    ]);
  });

  test('under a contract that is in force no more refuses the proposal', () => {
    const newer = contractOf(capability({ visible_fields: ['fee', 'status'] }));
    for (const contract of [newer, contractOf(capability({ name: 'invoices.other' }))]) {
      expect(reported({}, { contract, body: requestOf(first) })).toMatchObject({
        entries: ['rehearsal.reported', 'proposal.refused'],
        after: { state: 'rejected', cause: { by: 'contract', code: 'contract_not_active' } },
      });
    }
  });

  test('that shows a state from which the contract allows no such step refuses it', () => {
    const guards = { transition_guards: { fee: { from_column: 'status', allowed: { open: ['0'] } } } };
    const one = capability({ visible_fields: ['fee', 'status'] }, guards);
    const contract = contractOf(one);
    const before = { fee: 5_500, status: 'closed' };
    expect(reported({ before }, { contract, body: requestOf(first, contract) })).toMatchObject({
      after: { state: 'rejected', cause: { code: 'transition_not_allowed' } },
    });
  });
});

describe('a fresh look at what people review', () => {
  const body = rehearsedSubmission(looked);

  test('that finds the row as it was changes nothing that counts', () => {
    expect(reported({}, { row: looked, body })).toMatchObject({
      entries: ['rehearsal.reported'],
      after: { version: 1, decisions: [approval], rehearsal: { status: 'done', drift: [], seq: 41 } },
    });
  });

  test('that finds it changed makes a new version, for which no approval counts yet', () => {
    const { entries, after, submission } = reported(
      { before: { fee: 4_000 }, version: 8 },
      { row: looked, body },
    );
    expect(entries).toEqual(['rehearsal.reported', 'proposal.submitted']);
    expect(after).toMatchObject({
      state: 'pending_review',
      version: 2,
      decisions: [],
      expires_at: looked.expires_at,
    });
    expect(after?.effect_digest).not.toBe(looked.effect_digest);
    expect(submission).toMatchObject({
      change_set: {
        proposal_version: 2,
        before: { fee: 4_000 },
        guards: { expected_version: { value: 8 } },
      },
    });
  });

  test('that finds it changed answers no question of a reviewer', () => {
    const row = { ...looked, state: 'changes_requested' as const };
    expect(reported({ before: { fee: 4_000 }, version: 8 }, { row, body })).toMatchObject({
      entries: ['rehearsal.reported', 'proposal.submitted'],
      after: { state: 'changes_requested', version: 2, lane: 'review' },
    });
  });

  test('lets no policy approve what a reviewer asks about', () => {
    const contract = approvedByItsPolicy();
    const drifted = (state: 'pending_review' | 'changes_requested') => {
      const row = { ...looked, state };
      const given = { row, body: rehearsedSubmission(row, contract), contract };
      return reported({ before: { fee: 4_000 }, version: 8 }, given).after?.state;
    };
    expect([drifted('pending_review'), drifted('changes_requested')]).toEqual([
      'approved',
      'changes_requested',
    ]);
  });

  test('only shows it, where a complete change set was proposed', () => {
    const complete = { ...body, requested: null };
    expect(reported({ before: { fee: 4_000 }, version: 8 }, { row: looked, body: complete })).toMatchObject({
      entries: ['rehearsal.reported'],
      after: { version: 1, decisions: [approval], rehearsal: { drift: ['fee', 'version'] } },
    });
  });

  test('only shows it, where the contract is in force no more', () => {
    const contract = contractOf(capability({ kept_out_fields: ['card', 'note'] }));
    const drifted = reported({ before: { fee: 4_000 }, version: 8 }, { row: looked, body, contract });
    expect(drifted).toMatchObject({ entries: ['rehearsal.reported'], after: { version: 1 } });
  });

  test('that could not be had changes nothing that counts', () => {
    expect(reported({ ...nothingSeen, status: 'failed' }, { row: looked, body })).toMatchObject({
      entries: ['rehearsal.reported'],
      after: { state: 'pending_review', version: 1, decisions: [approval], rehearsal: { drift: null } },
    });
  });

  test('at what nobody had seen makes the exact change', () => {
    const row = { ...looked, writable: false };
    expect(reported({}, { row, body: requestOf(row) })).toMatchObject({
      entries: ['rehearsal.reported', 'proposal.submitted'],
      after: { state: 'pending_review', version: 1, writable: true },
    });
  });
});

describe('what a runner says counts only under its lease', () => {
  const elsewhere = machine('runner', { sources: ['src_other'] });
  const late = { ...first, rehearsal: rehearsalState({ until: NOW - 1 }) };
  const missed = { ...first, rehearsal: rehearsalState({ status: 'missed' }) };

  test.each<[string, Partial<RehearsalResult>, Given, string]>([
    ['of no proposal', {}, { rehearsalId: 'rhj_1_wrp_none' }, 'rehearsal_not_found'],
    ['that is no id', {}, { rehearsalId: 'none' }, 'rehearsal_not_found'],
    ['other than the path says', { rehearsal_id: 'rhj_2_x' }, {}, 'rehearsal_not_found'],
    ['of an older number', {}, { rehearsalId: rehearsalIdOf(first.proposal_id, 9) }, 'lease_unknown'],
    ['under another lease', { lease_id: 'lse_2' }, {}, 'lease_unknown'],
    ['of another runner', { runner_id: 'run_b' }, {}, 'lease_foreign'],
    ['of a source that is not covered', {}, { identity: elsewhere }, 'source_not_permitted'],
    ['that is too late', {}, { row: late }, 'lease_lost'],
    ['that was missed', {}, { row: missed }, 'lease_lost'],
    [
      'of a proposal that was decided meanwhile',
      {},
      { row: queuedRow(11, { rehearsal: rehearsalState() }) },
      'lease_lost',
    ],
    ['of a proposal without one', {}, { row: proposalRow() }, 'lease_unknown'],
    ['with a column that nobody agreed to show', { after: { fee: 0, card: '4111' } }, {}, 'outside_contract'],
  ])('a rehearsal %s is refused', (_name, changes, given, answer) => {
    expect(reported(changes, given)).toMatchObject({ answer, entries: [] });
  });
});
