import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import { inForce, REFERENCE, rehearsalState, requestOf } from '../test-contract.ts';
import { appendAll, gist, keyed, NOW, person, proposalRow, submissionOf, worldOf } from '../test-support.ts';
import type { Body, Submission } from '../turn/body.ts';
import type { Rows } from '../turn/rows.ts';
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
const olga = person('olga', { roles: ['owner'] });
const lena = person('lena', { approvalRoles: ['lead'] });
const two = { role: null, approvals: 2 };
const lead = { role: 'lead', approvals: 1 };

describe('a decision', () => {
  test.each<[string, Partial<ProposalRow>, string, string[]]>([
    ['the only approval needed approves', {}, 'ok', ['proposal.approved']],
    ['the first of two is recorded', { requirements: [two] }, 'ok', ['proposal.approval_recorded']],
    [
      'the second of two approves',
      { requirements: [two], decisions: [said('bob')] },
      'ok',
      ['proposal.approved'],
    ],
    // Rows older than requirements.
    ['no requirement is one approval of anyone', { requirements: [] }, 'ok', ['proposal.approved']],
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
    [
      'whoever proposed cannot approve as an owner either',
      { proposer_kind: 'person', proposer_id: 'iss olga' },
      'separation_of_duty',
      [],
    ],
    ['a named role must be held', { requirements: [lead] }, 'approval_role_required', []],
    ['what was sent back waits for its answer', { state: 'changes_requested' }, 'decision_outdated', []],
  ])('%s', (_name, changes, answer, entries) => {
    const row = proposalRow(changes);
    const who = row.proposer_id === 'iss olga' ? olga : ann;
    const outcome = decide(worldOf({ proposals: [row] }), ask(row), who, NOW);
    expect(gist(outcome)).toEqual({ answer, entries });
  });

  test.each<[string, Identity, string]>([
    ['holds the role', person('ann', { approvalRoles: ['lead'] }), 'ok'],
    ['is an owner without it', olga, 'approval_role_required'],
    ['is an admin without it', person('ann', { roles: ['admin'] }), 'approval_role_required'],
  ])('with a named role, of whoever %s', (_name, identity, answer) => {
    const row = proposalRow({ requirements: [lead] });
    expect(gist(decide(worldOf({ proposals: [row] }), ask(row), identity, NOW)).answer).toBe(answer);
  });

  const both = { requirements: [lead, two] };

  test.each<[string, Decision[], Identity, string, string[]]>([
    ['counts for all that it fulfils', [said('bob')], lena, 'ok', ['proposal.approved']],
    ['of no role counts for anyone’s part', [], ann, 'ok', ['proposal.approval_recorded']],
    [
      'needs the role once only that is missing',
      [said('bob'), said('cleo')],
      ann,
      'approval_role_required',
      [],
    ],
    ['needs no role once that is fulfilled', [said('bob', ['lead'])], ann, 'ok', ['proposal.approved']],
  ])('under two requirements %s', (_name, decisions, identity, answer, entries) => {
    const row = proposalRow({ ...both, decisions });
    expect(gist(decide(worldOf({ proposals: [row] }), ask(row), identity, NOW))).toEqual({ answer, entries });
  });

  test('keeps the roles that were held then', () => {
    const row = proposalRow(both);
    const world = worldOf({ proposals: [row] });
    appendAll(world, decide(world, ask(row), lena, NOW));
    expect(world.proposal(row.proposal_id)?.decisions).toMatchObject([{ approval_roles: ['lead'] }]);
  });

  test('needs no role and no distance to reject', () => {
    const row = proposalRow({ requirements: [lead], principal_id: 'ann' });
    const outcome = decide(worldOf({ proposals: [row] }), ask(row, 'rejected'), ann, NOW);
    expect(gist(outcome)).toEqual({ answer: 'ok', entries: ['proposal.rejected'] });
  });

  test('on another effect than the one that was looked at is refused', () => {
    const row = proposalRow();
    const outcome = decide(worldOf({ proposals: [row] }), ask(row, 'approved', 'sha256:other'), ann, NOW);
    expect(gist(outcome)).toEqual({ answer: 'decision_outdated', entries: [] });
  });

  test('of somebody who already gave one adds no second approval', () => {
    const row = proposalRow({ requirements: [two], decisions: [said('ann')] });
    expect(decide(worldOf({ proposals: [row] }), ask(row), ann, NOW).entries).toEqual([]);
  });

  test.each([
    [true, 'queued'],
    [false, null],
  ])('that approves what is writable (%s) leaves a job that is %s', (writable, jobState) => {
    const row = proposalRow({ writable });
    const world = worldOf({ proposals: [row] });
    appendAll(world, decide(world, ask(row), ann, NOW));
    expect(world.proposal(row.proposal_id)).toMatchObject({ state: 'approved', job_state: jobState });
  });

  test('on an unknown proposal finds none', () => {
    expect(gist(decide(worldOf(), ask(proposalRow()), ann, NOW)).answer).toBe('proposal_not_found');
  });
});

describe('an approval of a change that', () => {
  const row = proposalRow();

  function approved(body: Body, rows: Partial<Rows> = {}) {
    const bodies = [{ seq: row.body_seq, body }, ...inForce().bodies];
    const world = worldOf({ proposals: [row], keyed: inForce().keyed, bodies, ...rows });
    return gist(decide(world, ask(row), ann, NOW));
  }

  const submission = (changes: Partial<Submission> = {}) => ({
    ...submissionOf(row),
    contract: REFERENCE,
    ...changes,
  });

  test('fits the contract in force counts', () => {
    expect(approved(submission()).answer).toBe('ok');
  });

  test('was proposed under another version is refused', () => {
    const contract = { ...REFERENCE, digest: 'sha256:older' };
    expect(approved(submission({ contract }))).toEqual({ answer: 'contract_not_active', entries: [] });
  });

  test('was proposed under a capability that no contract has any more is refused', () => {
    expect(approved(submission(), { keyed: keyed({}) }).answer).toBe('contract_not_active');
  });

  test.each<[string, string | null, 'approved' | 'rejected', string]>([
    ['without naming the effect is refused', null, 'approved', 'effect_digest_required'],
    ['by the effect that was seen counts', row.effect_digest, 'approved', 'ok'],
    ['may be rejected without', null, 'rejected', 'ok'],
  ])('a runner looks at, %s', (_name, effectDigest, verdict, answer) => {
    const looked = { ...row, rehearsal: rehearsalState({ status: 'done', seq: 12 }) };
    const { keyed: tables, bodies } = inForce();
    const world = worldOf({
      proposals: [looked],
      keyed: tables,
      bodies: [...bodies, { seq: row.body_seq, body: submission() }],
    });
    expect(gist(decide(world, ask(looked, verdict, effectDigest), ann, NOW)).answer).toBe(answer);
  });

  test('nobody has seen is refused; it can be rejected', () => {
    expect(approved(requestOf(row))).toEqual({ answer: 'look_required', entries: [] });
    const world = worldOf({ proposals: [row], bodies: [{ seq: row.body_seq, body: requestOf(row) }] });
    expect(gist(decide(world, ask(row, 'rejected'), ann, NOW)).answer).toBe('ok');
  });
});
