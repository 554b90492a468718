import type { ReleaseRequest } from '@countersign/protocol/job-requests';
import { describe, expect, test } from 'vitest';
import type { Freeze } from '../freezes/freeze.ts';
import type { ProposalRow } from '../schema.ts';
import {
  gist,
  JOB,
  keyed,
  LEASE,
  leasedRow,
  NOW,
  person,
  proposalRow,
  queuedRow,
  runner,
  TENANT,
  worldOf,
} from '../test-support.ts';
import { earliestDeadline } from '../turn/deadlines.ts';
import { release } from './release-lease.ts';
import { renew } from './renew-lease.ts';
import { settleDeadLetter } from './settle-dead-letter.ts';
import { MOST_CHARGED_ATTEMPTS, sweep } from './sweep-due.ts';

const holder = { runner_id: 'run_a', lease_id: LEASE };

const notMine: [string, ProposalRow, Partial<typeof holder>, string][] = [
  ['that is not the current one', leasedRow(), { lease_id: 'lse_other' }, 'lease_lost'],
  ['of another runner', leasedRow(), { runner_id: 'run_b' }, 'lease_foreign'],
  ['of a job that is queued again', queuedRow(11), {}, 'lease_lost'],
  ['of a dead letter', queuedRow(11, { job_state: 'dead_letter' }), {}, 'lease_lost'],
  ['of a job that has ended', proposalRow({ state: 'applied', job_state: 'applied' }), {}, 'job_terminal'],
  ['of no job', proposalRow(), {}, 'job_not_found'],
];

function renewed(row: ProposalRow, changes: Partial<typeof holder> = {}, lease_seconds = 30) {
  const ask = { type: 'renew', jobId: JOB, request: { ...holder, ...changes, lease_seconds } } as const;
  return renew(worldOf({ proposals: [row] }), ask, runner, NOW);
}

function released(row: ProposalRow, reason: ReleaseRequest['reason']) {
  const world = worldOf({ proposals: [row] });
  const outcome = release(
    world,
    { type: 'release', jobId: JOB, request: { ...holder, reason } },
    runner,
    NOW,
  );
  for (const entry of outcome.entries) world.append(entry, NOW);
  return world.proposal(row.proposal_id);
}

const stop: Freeze = {
  freeze_id: 'frz_1',
  scope: { kind: 'project' },
  is_stop: true,
  reason: 'what it writes looks wrong',
  by: 'user:otto',
  name: 'Otto',
  placed_at: NOW - 1,
  until: null,
  state: 'in_force',
  scan: null,
};

describe('a renewal', () => {
  test('extends the lease and leaves no entry', () => {
    expect(renewed(leasedRow())).toMatchObject({
      entries: [],
      volatile: { renewed: { seq: 11, lease_expires_at: NOW + 30_000 } },
      reply: { body: { write_by: new Date(NOW + 10_000).toISOString() } },
    });
  });

  test('takes nothing back of what was promised before', () => {
    expect(renewed(leasedRow(), {}, 5)).toMatchObject({
      volatile: { renewed: { lease_expires_at: NOW + 25_000 } },
    });
  });

  test('is refused under an emergency stop', () => {
    const value = { freezes: [stop] };
    const settings = [{ tenant: TENANT, name: 'freezes' as const, value, tip_seq: 0, tip_hash: '' }];
    const world = worldOf({ proposals: [leasedRow()], keyed: keyed({ settings }) });
    const ask = { type: 'renew', jobId: JOB, request: { ...holder, lease_seconds: 30 } } as const;
    const outcome = renew(world, ask, runner, NOW);
    expect(gist(outcome)).toEqual({ answer: 'frozen', entries: [] });
    expect(outcome).not.toHaveProperty('volatile');
  });

  test.each(notMine)('of a lease %s is refused', (_name, row, changes, answer) => {
    expect(gist(renewed(row, changes))).toEqual({ answer, entries: [] });
  });
});

describe('a release', () => {
  test.each([
    ['new', 0, 30_000],
    ['two minutes old', 120_000, 120_000],
    ['a week old', 604_800_000, 300_000],
  ])('of a rehearsed job that is %s lets it rest the longer, up to five minutes', (_name, age, rest) => {
    expect(released(leasedRow({ created_at: NOW - age }), 'rehearsed')).toMatchObject({
      job_state: 'queued',
      not_before: NOW + rest,
    });
  });

  test.each([
    ['draining', 0],
    ['not_delivered', 0],
    ['frozen', 0],
    ['busy', 1_000],
    ['database_unavailable', 5_000],
  ] as const)('because of %s costs no attempt and lets the job rest for %i ms', (reason, rest) => {
    expect(released(leasedRow({ charged: 2 }), reason)).toMatchObject({
      job_state: 'queued',
      charged: 2,
      lease_id: null,
      not_before: rest === 0 ? null : NOW + rest,
      lane: rest === 0 ? 'queue/src_billing' : 'later',
    });
  });

  test.each(notMine)('of a lease %s is refused', (_name, row, changes, answer) => {
    const request = { ...holder, ...changes, reason: 'busy' } as const;
    const outcome = release(
      worldOf({ proposals: [row] }),
      { type: 'release', jobId: JOB, request },
      runner,
      NOW,
    );
    expect(gist(outcome)).toEqual({ answer, entries: [] });
  });
});

describe('a dead letter', () => {
  const operator = person('opal', { roles: ['operator'] });
  const dead = queuedRow(11, { job_state: 'dead_letter', attempt: 5, charged: 5, not_before: null });

  test.each([
    ['requeue', { job_state: 'queued', charged: 0, attempt: 5, queued_at: NOW }],
    ['discard', { job_state: 'canceled', state: 'canceled' }],
  ] as const)('can be settled: %s', (type, after) => {
    const world = worldOf({ proposals: [dead] });
    const outcome = settleDeadLetter(world, { type, jobId: JOB, reason: null }, operator, NOW);
    for (const entry of outcome.entries) world.append(entry, NOW);
    expect(world.proposal(dead.proposal_id)).toMatchObject(after);
  });

  test.each(['requeue', 'discard'] as const)('is all that can be settled: %s', (type) => {
    const outcome = settleDeadLetter(
      worldOf({ proposals: [leasedRow()] }),
      { type, jobId: JOB, reason: null },
      operator,
      NOW,
    );
    expect(gist(outcome)).toEqual({ answer: 'job_not_dead', entries: [] });
  });
});

describe('a sweep', () => {
  function sweptEntries(row: ProposalRow): readonly string[] {
    return gist(sweep(worldOf({ proposals: [row], due: [row.seq] }), NOW)).entries;
  }

  test.each<[string, ProposalRow, string[]]>([
    ['a lease that ran out', leasedRow({ lease_expires_at: NOW }), ['job.lease_expired']],
    [
      'the last lease that may',
      leasedRow({ lease_expires_at: NOW, charged: MOST_CHARGED_ATTEMPTS - 1 }),
      ['job.dead_lettered'],
    ],
    ['a review that nobody gave', proposalRow({ expires_at: NOW }), ['proposal.expired']],
    ['a rest that is over', queuedRow(11, { not_before: NOW }), ['job.ready']],
    // What an earlier command of the same turn moved away.
    ['a lease that was renewed meanwhile', leasedRow({ lease_expires_at: NOW + 1 }), []],
    ['a rest that has only begun', queuedRow(11, { not_before: NOW + 1 }), []],
    ['what was decided meanwhile', queuedRow(11), []],
  ])('finds %s', (_name, row, entries) => {
    expect(sweptEntries(row)).toEqual(entries);
  });

  test('moves the head also when nothing is due, so that no batch under way lands behind it', () => {
    const world = worldOf();
    const { volatile } = sweep(world, NOW);
    if (volatile !== undefined) world.touch(volatile);
    expect(world.changes('n8')?.head).toMatchObject({ turn: 8, nonce: 'n8' });
  });

  test('is due again at the first deadline that it left, or that this turn made', () => {
    const world = worldOf({ deadlines: [NOW + 9_000, NOW + 4_000] });
    expect(earliestDeadline(world, world.changes('n8'))).toBe(NOW + 4_000);
  });
});
