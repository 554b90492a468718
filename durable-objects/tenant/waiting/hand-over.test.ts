import { describe, expect, test } from 'vitest';
import { decide } from '../proposals/decide-proposal.ts';
import type { ProposalRow } from '../schema.ts';
import { NOW, person, proposalRow, queuedRow, SOURCE, worldOf } from '../test-support.ts';
import type { World } from '../turn/world.ts';
import { handOver } from './hand-over.ts';
import type { Waiter } from './waiter.ts';

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
function approved(rows: readonly ProposalRow[], before: readonly ProposalRow[] = []): World {
  const world = worldOf({ proposals: [...rows, ...before], queued: before.map(({ seq }) => seq) });
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
    expect(deliveries.map(({ sequences }) => sequences)).toEqual([[11, 12], [13]]);
  });

  test('waits behind what was queued before', () => {
    const deliveries = handOver(
      approved([second], [queuedRow(11, { queued_at: NOW - 9_000 })]),
      [waiter('a')],
      NOW,
    );
    expect(deliveries.map(({ sequences }) => sequences)).toEqual([[11]]);
  });

  test('is no matter of those who wait for another source', () => {
    expect(handOver(approved([first]), [waiter('a', { sourceId: 'src_other' })], NOW)).toEqual([]);
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

test('a turn that queued nothing hands over nothing of what is queued already', () => {
  const world = worldOf({ proposals: [queuedRow(11)], queued: [11] });
  expect(handOver(world, [waiter('a')], NOW)).toEqual([]);
});
