import { describe, expect, test } from 'vitest';
import { decide } from '../proposals/decide-proposal.ts';
import type { ProposalRow } from '../schema.ts';
import { contractOf, inForce, requestOf } from '../test-contract.ts';
import {
  credentialRow,
  keyed,
  machine,
  NOW,
  person,
  proposalRow,
  queuedRow,
  SOURCE,
  worldOf,
} from '../test-support.ts';
import type { World } from '../turn/world.ts';
import { handOver } from './hand-over.ts';
import type { Delivery, Waiter } from './waiter.ts';

function waiter(waiterId: string, changes: Partial<Waiter> = {}): Waiter {
  return {
    waiterId,
    sourceId: SOURCE,
    runnerId: `run_${waiterId}`,
    actor: { kind: 'runner', id: 'crd_runner' },
    limit: 1,
    leaseSeconds: 30,
    isAdmitted: true,
    ...changes,
  };
}

/** A turn in which these were approved, with these others queued before. */
function approved(
  rows: readonly ProposalRow[],
  before: readonly ProposalRow[] = [],
  credentials = [credentialRow()],
): World {
  const world = worldOf({
    proposals: [...rows, ...before],
    queued: before.map(({ seq }) => seq),
    keyed: keyed({ credentials }),
  });
  for (const { proposal_id: proposalId } of rows) {
    const ask = {
      type: 'decide',
      proposalId,
      verdict: 'approved',
      reason: null,
      effectDigest: null,
    } as const;
    for (const entry of decide(world, ask, person('ann'), NOW).entries) world.append(entry, NOW);
  }
  return world;
}

const [first, second, third] = [proposalRow({ seq: 11 }), proposalRow({ seq: 12 }), proposalRow({ seq: 13 })];

function sequencesOf(delivery: Delivery) {
  return 'sequences' in delivery ? delivery.sequences : [];
}

describe('what a turn queued', () => {
  test('goes to whoever waits longest, one job to one waiter', () => {
    const deliveries = handOver(approved([first, second]), [waiter('a'), waiter('b'), waiter('c')], NOW);
    expect(deliveries).toEqual([
      { waiterId: 'a', runnerId: 'run_a', kind: 'job', sequences: [11] },
      { waiterId: 'b', runnerId: 'run_b', kind: 'job', sequences: [12] },
    ]);
  });

  test('goes out up to each waiter’s limit', () => {
    const deliveries = handOver(
      approved([first, second, third]),
      [waiter('a', { limit: 2 }), waiter('b')],
      NOW,
    );
    expect(deliveries.map(sequencesOf)).toEqual([[11, 12], [13]]);
  });

  test('waits behind what was queued before', () => {
    const deliveries = handOver(
      approved([second], [queuedRow(11, { queued_at: NOW - 9_000 })]),
      [waiter('a')],
      NOW,
    );
    expect(deliveries.map(sequencesOf)).toEqual([[11]]);
  });

  test('is no matter of those who wait for another source', () => {
    expect(handOver(approved([first]), [waiter('a', { sourceId: 'src_other' })], NOW)).toEqual([]);
  });

  test.each([
    ['was revoked', { status: 'revoked' as const }],
    ['has just expired', { expires_at: NOW }],
    ['is not known', { credential_id: 'crd_other' }],
  ])('goes past a poll whose credential %s since', (_name, changes) => {
    const good = credentialRow({ credential_id: 'crd_good', status: 'retiring', expires_at: NOW + 1 });
    const world = approved([first], [], [credentialRow(changes), good]);
    const next = waiter('b', { actor: { kind: 'runner', id: 'crd_good' } });
    const deliveries = handOver(world, [waiter('a'), next], NOW);
    expect(deliveries.map(({ waiterId }) => waiterId)).toEqual(['b']);
  });

  test('is leased in the same turn, for as long as the waiter asked', () => {
    const world = approved([first]);
    handOver(world, [waiter('a', { leaseSeconds: 7 })], NOW);
    expect(world.proposalAt(11)).toMatchObject({
      job_state: 'leased',
      lease_runner: 'run_a',
      lease_expires_at: NOW + 7_000,
    });
  });
});

describe('a rehearsal that a turn asked for', () => {
  /** A turn in which an agent asked for this. */
  function requested(): World {
    const world = worldOf(inForce(contractOf(), { credentials: [credentialRow()] }));
    const request = requestOf(proposalRow({ seq: 41 }));
    const { actor } = machine('agent');
    const entry = { type: 'proposal.requested', actor, subject: request.proposal_id, body: request } as const;
    world.append(entry, NOW);
    return world;
  }

  test('goes to a poll for rehearsals, and not to one for jobs that waits longer', () => {
    const world = requested();
    const waiters = [waiter('a'), waiter('b', { kind: 'rehearsal' }), waiter('c', { kind: 'rehearsal' })];
    expect(handOver(world, waiters, NOW)).toMatchObject([
      { waiterId: 'b', runnerId: 'run_b', kind: 'rehearsal', sequences: [41] },
    ]);
    expect(world.proposalAt(41)?.rehearsal).toMatchObject({ status: 'leased', runner_id: 'run_b' });
  });

  test('waits for a claim where nobody waits for it', () => {
    const world = requested();
    expect(handOver(world, [waiter('a')], NOW)).toEqual([]);
    expect(world.proposalAt(41)?.lane).toBe(`rehearse/${SOURCE}`);
  });
});

test('a turn that queued nothing hands over nothing of what is queued already', () => {
  const world = worldOf({ proposals: [queuedRow(11)], queued: [11] });
  expect(handOver(world, [waiter('a')], NOW)).toEqual([]);
});
