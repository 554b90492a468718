import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { gist, NOW, person, proposalRow, worldOf } from '../test-support.ts';
import { decide } from './decide-proposal.ts';
import type { Decision } from './decision.ts';

const said = (name: string, approval_roles: readonly string[] = []): Decision => ({
  verdict: 'approved',
  by: `person:iss ${name}`,
  name,
  at: NOW - 1_000,
  reason: null,
  effect_digest: 'sha256:effect',
  approval_roles,
});

function ask(
  row: ProposalRow,
  verdict: 'approved' | 'rejected' = 'approved',
  effectDigest: string | null = null,
) {
  return { type: 'decide' as const, proposalId: row.proposal_id, verdict, reason: null, effectDigest };
}

const ann = person('ann');

describe('a decision', () => {
  test.each<[string, Partial<ProposalRow>, string, string[]]>([
    ['the only approval needed approves', {}, 'ok', ['proposal.approved']],
    ['the first of two is recorded', { required_approvals: 2 }, 'ok', ['proposal.approval_recorded']],
    [
      'the second of two approves',
      { required_approvals: 2, decisions: [said('bob')] },
      'ok',
      ['proposal.approved'],
    ],
    ['at the moment of expiry it is too late', { expires_at: NOW }, 'proposal_expired', ['proposal.expired']],
    ['a moment before it is not', { expires_at: NOW + 1 }, 'ok', ['proposal.approved']],
    ['after expiry nothing is added', { state: 'expired' }, 'proposal_expired', []],
    ['a decided one stays', { state: 'rejected' }, 'proposal_already_decided', []],
    ['whoever is the principal cannot approve', { principal_id: 'ann' }, 'separation_of_duty', []],
    [
      'whoever proposed cannot approve',
      { proposer_kind: 'person', proposer_id: 'iss ann' },
      'separation_of_duty',
      [],
    ],
    ['a named role must be held', { required_role: 'lead' }, 'approval_role_required', []],
  ])('%s', (_name, changes, answer, entries) => {
    const row = proposalRow(changes);
    const outcome = decide(worldOf({ proposals: [row] }), ask(row), ann, NOW);
    expect(gist(outcome)).toEqual({ answer, entries });
  });

  test.each([
    ['holds the role', person('ann', { approvalRoles: ['lead'] })],
    ['is the owner', person('ann', { roles: ['owner'] })],
  ])('with a named role passes for whoever %s', (_name, identity) => {
    const row = proposalRow({ required_role: 'lead' });
    expect(gist(decide(worldOf({ proposals: [row] }), ask(row), identity, NOW)).answer).toBe('ok');
  });

  test('needs no role and no distance to reject', () => {
    const row = proposalRow({ required_role: 'lead', principal_id: 'ann' });
    const outcome = decide(worldOf({ proposals: [row] }), ask(row, 'rejected'), ann, NOW);
    expect(gist(outcome)).toEqual({ answer: 'ok', entries: ['proposal.rejected'] });
  });

  test('on another effect than the one that was looked at is refused', () => {
    const row = proposalRow();
    const outcome = decide(worldOf({ proposals: [row] }), ask(row, 'approved', 'sha256:other'), ann, NOW);
    expect(gist(outcome)).toEqual({ answer: 'decision_outdated', entries: [] });
  });

  test('of somebody who already gave one adds no second approval', () => {
    const row = proposalRow({ required_approvals: 2, decisions: [said('ann')] });
    expect(decide(worldOf({ proposals: [row] }), ask(row), ann, NOW).entries).toEqual([]);
  });

  test.each([
    [true, 'queued'],
    [false, null],
  ])('that approves what is writable (%s) leaves a job that is %s', (writable, jobState) => {
    const row = proposalRow({ writable });
    const world = worldOf({ proposals: [row] });
    for (const entry of decide(world, ask(row), ann, NOW).entries) world.append(entry, NOW);
    expect(world.proposal(row.proposal_id)).toMatchObject({ state: 'approved', job_state: jobState });
  });

  test('on an unknown proposal finds none', () => {
    expect(gist(decide(worldOf(), ask(proposalRow()), ann, NOW)).answer).toBe('proposal_not_found');
  });
});
