import { jobIdOf } from '@countersign/protocol/ids';
import { describe, expect, test } from 'vitest';
import { runnerPermissions } from '../access/permissions.ts';
import { freezesOf } from '../freezes/freeze.ts';
import type { ProposalRow } from '../schema.ts';
import {
  credentialRow,
  head,
  keyed,
  leasedRow,
  memberRow,
  NOW,
  proposalRow,
  queuedRow,
  runnerRow,
  SOURCE,
  worldOf,
} from '../test-support.ts';
import type { Waiter } from '../waiting/waiter.ts';
import type { Command } from './command.ts';
import { decideTurn, jobsIn } from './decide-turn.ts';
import { noCounters } from './head.ts';
import type { Rows } from './rows.ts';

/** Ann, who approves, and a runner. */
const known = (tables: Partial<Rows['keyed']> = {}) =>
  keyed({ members: [memberRow()], credentials: [credentialRow()], ...tables });

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
  const world = worldOf({ keyed: known(), ...rows });
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
    const mayAll = credentialRow({ permissions: [...runnerPermissions] });
    const { replies } = turn([release, claim(null), report], [], {
      keyed: known({ credentials: [mayAll] }),
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
      admitted: [{ waiterId: 'w1', held: {} }],
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
    const { deliveries, dismissed } = turn([drain, approve(waiting)], [waiter('w1', true)], {
      proposals: [waiting],
      keyed: known({ runners: [runnerRow()] }),
    });
    expect({ deliveries, dismissed }).toEqual({ deliveries: [], dismissed: ['run_a'] });
  });

  test('holds no claim of a runner that drains, and hands it nothing', () => {
    const { admitted, deliveries, replies } = turn([claim('w1'), approve(waiting)], [waiter('w1', false)], {
      proposals: [waiting],
      keyed: known({ runners: [runnerRow({ status: 'draining' })] }),
    });
    expect({ admitted, deliveries }).toEqual({ admitted: [], deliveries: [] });
    expect(replies[0]).toMatchObject({ ok: false, refusal: { code: 'runner_draining' } });
  });
});

describe('a poll that is held', () => {
  const ann = { kind: 'person', person: 'iss ann' } as const;
  const stop: Command = {
    caller: ann,
    ask: { type: 'emergency-stop', runnerId: 'run_a', reason: 'it looks wrong' },
    key: null,
  };
  const rows = { keyed: known({ members: [memberRow({ roles: ['operator'] })], runners: [runnerRow()] }) };
  const elsewhere = { ...waiter('w2', true), runnerId: 'run_b' };

  test('is answered when a freeze begins to hold it back, and when that ends; others wait on', () => {
    const world = worldOf(rows);
    const { deliveries } = decideTurn(world, [stop], [waiter('w1', true), elsewhere], NOW);
    expect(deliveries).toMatchObject([
      { waiterId: 'w1', reply: { body: { jobs: [], frozen: { kind: 'runner', is_stop: true } } } },
    ]);
    const [freeze] = freezesOf(world);
    const after = worldOf({ keyed: { ...rows.keyed, settings: world.changedRows('settings').map(afterOf) } });
    const lift: Command = {
      caller: ann,
      ask: { type: 'lift-freeze', freezeId: freeze?.freeze_id ?? '', reason: 'all is well' },
      key: null,
    };
    const lifted = decideTurn(after, [lift], [waiter('w1', true), elsewhere], NOW);
    expect(lifted.deliveries.map(({ waiterId }) => waiterId)).toEqual(['w1']);
    expect(lifted.deliveries[0]?.reply).not.toHaveProperty('body.frozen');
  });

  test('learns with its admission that it is held back', () => {
    const { admitted } = turn([stop, claim('w1')], [waiter('w1', false)], rows);
    expect(admitted).toMatchObject([{ waiterId: 'w1', held: { frozen: { is_stop: true } } }]);
  });
});

const afterOf = <Row>({ after }: { readonly after: Row }) => after;

test('a stop that comes again under its key is one stop, with the first answer', () => {
  const world = worldOf({ keyed: known({ members: [memberRow({ roles: ['operator'] })] }) });
  const stop: Command = {
    caller: { kind: 'person', person: 'iss ann' },
    ask: { type: 'emergency-stop', runnerId: null, reason: 'it looks wrong' },
    key: { key: 'person/iss ann/POST /v1/stop/k-1', request: 'r' },
  };
  const { replies } = decideTurn(world, [stop, stop], [], NOW);
  expect(replies[1]).toEqual(replies[0]);
  expect(freezesOf(world)).toHaveLength(1);
});

test('the head follows every lane that a turn moves a proposal between', () => {
  const before = { ...head, counters: { ...noCounters, review: 1, lease: 1 } };
  const world = worldOf({
    head: before,
    keyed: known(),
    proposals: [waiting, leasedRow({ seq: 12, proposal_id: 'p12' })],
  });
  decideTurn(world, [approve(waiting)], [waiter('w1', true)], NOW);
  expect(world.head?.counters).toEqual({ ...noCounters, lease: 2 });
});
