import { jobIdOf } from '@countersign/protocol/ids';
import { describe, expect, test } from 'vitest';
import { runnerPermissions } from '../access/permissions.ts';
import type { CredentialRow, MemberRow, ProposalRow } from '../schema.ts';
import {
  head,
  leasedRow,
  NOW,
  proposalRow,
  queuedRow,
  runnerRow,
  SOURCE,
  TENANT,
  worldOf,
} from '../test-support.ts';
import type { Waiter } from '../waiting/waiter.ts';
import type { Command } from './command.ts';
import { decideTurn, jobsIn } from './decide-turn.ts';
import type { Rows } from './rows.ts';

const member: MemberRow = {
  tenant: TENANT,
  person: 'iss ann',
  name: 'ann',
  roles: ['approver'],
  approval_roles: [],
  status: 'active',
};
const credential: CredentialRow = {
  tenant: TENANT,
  credential_id: 'crd_runner',
  kind: 'runner',
  name: 'runner',
  digest: 'd',
  sources: [SOURCE],
  permissions: ['writeback:claim', 'runner:heartbeat'],
  status: 'active',
  expires_at: null,
};

const runner = { kind: 'runner', credentialId: 'crd_runner', digest: 'd' } as const;

function claim(waiterId: string | null, digest = 'd'): Command {
  const request = { source_id: SOURCE, runner_id: 'run_a', limit: 5, lease_seconds: 30, wait_seconds: 25 };
  return { caller: { ...runner, digest }, ask: { type: 'claim', request, waiterId }, key: null };
}

function approve({ proposal_id }: ProposalRow): Command {
  const ask = {
    type: 'decide',
    proposalId: proposal_id,
    verdict: 'approved',
    reason: null,
    effectDigest: null,
  } as const;
  return { caller: { kind: 'person', person: 'iss ann' }, ask, key: null };
}

function waiter(waiterId: string, isAdmitted: boolean): Waiter {
  const actor = { kind: 'runner', id: 'crd_runner' } as const;
  return { waiterId, sourceId: SOURCE, runnerId: 'run_a', actor, limit: 5, leaseSeconds: 30, isAdmitted };
}

function turn(commands: Command[], waiters: Waiter[], rows: Partial<Rows> = {}) {
  const world = worldOf({ members: [member], credentials: [credential], ...rows });
  return decideTurn(world, commands, waiters, NOW);
}

const waiting = proposalRow({ seq: 11 });

describe('a turn', () => {
  test('lets a later command see what an earlier one did', () => {
    const { replies } = turn([approve(waiting), claim(null)], [], { proposals: [waiting] });
    expect(replies.map((reply) => jobsIn(reply))).toEqual([0, 1]);
  });

  test('hears a result under a lease that ended earlier in the same turn', () => {
    const leased = leasedRow();
    const jobId = jobIdOf(leased.proposal_id);
    const lease = { runner_id: leased.lease_runner ?? '', lease_id: leased.lease_id ?? '' };
    const release: Command = {
      caller: runner,
      ask: { type: 'release', jobId, request: { ...lease, reason: 'not_delivered' } },
      key: null,
    };
    const result = { protocol_version: '1.0', job_id: jobId, status: 'applied', affected_rows: 1 } as const;
    const report: Command = {
      caller: runner,
      ask: { type: 'report', jobId, request: { ...lease, ...result, result_hash: 'sha256:r' } },
      key: null,
    };
    const mayAll = { ...credential, permissions: [...runnerPermissions] };
    const { replies } = turn([release, claim(null), report], [], {
      credentials: [mayAll],
      proposals: [leased],
    });
    expect(replies.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(replies[2]).toMatchObject({ body: { status: 'applied' } });
  });

  test('without a head answers everybody that there is no such project', () => {
    const { replies } = turn([claim(null), approve(waiting)], [], { head: undefined });
    expect(replies).toMatchObject(Array(2).fill({ refusal: { code: 'project_not_found' } }));
  });

  test('hands what it queued to a poll that is held', () => {
    const { deliveries } = turn([approve(waiting)], [waiter('w1', true)], { proposals: [waiting] });
    expect(deliveries).toMatchObject([{ waiterId: 'w1', runnerId: 'run_a' }]);
    expect(deliveries.map(({ reply }) => jobsIn(reply))).toEqual([1]);
  });

  test('hands nothing to a poll that has not shown who it is', () => {
    expect(turn([approve(waiting)], [waiter('w1', false)], { proposals: [waiting] }).deliveries).toEqual([]);
  });

  test('admits a claim that found nothing, and hands it what the same turn queues', () => {
    const { admitted, deliveries } = turn([claim('w1'), approve(waiting)], [waiter('w1', false)], {
      proposals: [waiting],
    });
    expect({ admitted, served: deliveries.map(({ waiterId }) => waiterId) }).toEqual({
      admitted: ['w1'],
      served: ['w1'],
    });
  });

  test('admits nobody with a wrong token', () => {
    const { admitted, deliveries, replies } = turn(
      [claim('w1', 'wrong'), approve(waiting)],
      [waiter('w1', false)],
      {
        proposals: [waiting],
      },
    );
    expect({ admitted, deliveries }).toEqual({ admitted: [], deliveries: [] });
    expect(replies[0]).toMatchObject({ refusal: { code: 'token_invalid' } });
  });

  test('gives a held claim what is queued, and nothing more', () => {
    const { replies, admitted, deliveries } = turn([claim('w1'), approve(waiting)], [waiter('w1', false)], {
      proposals: [waiting, queuedRow(12)],
      queued: [12],
    });
    expect(replies.map((reply) => jobsIn(reply))).toEqual([1, 0]);
    expect({ admitted, deliveries }).toEqual({ admitted: [], deliveries: [] });
  });

  test('gives nothing to a held claim whose poll was served or is gone', () => {
    const { replies, admitted } = turn([claim('w1')], [], { proposals: [queuedRow(12)], queued: [12] });
    expect({ jobs: replies.map((reply) => jobsIn(reply)), admitted }).toEqual({ jobs: [0], admitted: [] });
  });

  test('hands nothing to a runner that drains in the same turn', () => {
    const drain: Command = {
      caller: runner,
      ask: { type: 'heartbeat', request: { runner_id: 'run_a', status: 'draining' } },
      key: null,
    };
    const registered = {
      tenant: TENANT,
      runner_id: 'run_a',
      version: '1',
      engines: [],
      sources: [],
      capabilities: [],
    };
    const times = { registered_at: NOW, last_seen_at: NOW, tip_seq: 9, tip_hash: 'h' };
    const { deliveries, dismissed } = turn([drain, approve(waiting)], [waiter('w1', true)], {
      proposals: [waiting],
      runners: [{ ...registered, ...times, status: 'online' }],
    });
    expect({ deliveries, dismissed }).toEqual({ deliveries: [], dismissed: ['run_a'] });
  });

  test('holds no claim of a runner that drains, and hands it nothing', () => {
    const { admitted, deliveries, replies } = turn([claim('w1'), approve(waiting)], [waiter('w1', false)], {
      proposals: [waiting],
      runners: [runnerRow({ status: 'draining' })],
    });
    expect({ admitted, deliveries }).toEqual({ admitted: [], deliveries: [] });
    expect(replies[0]).toMatchObject({ ok: false, refusal: { code: 'runner_draining' } });
  });
});

test('the head follows every lane that a turn moves a proposal between', () => {
  const before = { ...head, counters: { review: 1, queue: 0, later: 0, lease: 1, dead: 0 } };
  const world = worldOf({
    head: before,
    members: [member],
    proposals: [waiting, leasedRow({ seq: 12, proposal_id: 'p12' })],
  });
  decideTurn(world, [approve(waiting)], [waiter('w1', true)], NOW);
  expect(world.head?.counters).toEqual({ review: 0, queue: 0, later: 0, lease: 2, dead: 0 });
});
