import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { gist, keyed, NOW, queuedRow, runner, runnerRow, SOURCE, worldOf } from '../test-support.ts';
import { claim } from './claim-jobs.ts';

const request = { source_id: SOURCE, runner_id: 'run_a', limit: 2, lease_seconds: 30, wait_seconds: 0 };

function claimFrom(proposals: ProposalRow[], changes: Partial<typeof request> = {}, known = runnerRow()) {
  const world = worldOf({
    proposals,
    queued: proposals.map(({ seq }) => seq),
    keyed: keyed({ runners: [known] }),
  });
  const ask = { type: 'claim', request: { ...request, ...changes }, waiterId: null } as const;
  return claim(world, ask, runner, NOW);
}

describe('a claim', () => {
  const queue = [
    queuedRow(13, { queued_at: NOW - 1_000 }),
    queuedRow(12, { queued_at: NOW - 1_000 }),
    queuedRow(11, { queued_at: NOW - 3_000 }),
  ];

  test('takes what was queued first, and of the same time what was proposed first', () => {
    expect(claimFrom(queue, { limit: 3 }).leased).toEqual([11, 12, 13]);
  });

  test('takes no more than its limit', () => {
    expect(claimFrom(queue).leased).toEqual([11, 12]);
  });

  test('takes nothing of another source, and nothing that rests', () => {
    const other = [queuedRow(11, { source_id: 'src_other' }), queuedRow(12, { not_before: NOW + 1 })];
    expect(gist(claimFrom(other))).toEqual({ answer: 'ok', entries: [] });
  });

  test('gives each job its next attempt and its own lease', () => {
    const { entries } = claimFrom([queuedRow(11, { attempt: 2 }), queuedRow(12)]);
    expect(entries.map(({ body }) => body)).toMatchObject([
      { attempt: 3, expires_at: NOW + 30_000, runner_id: 'run_a' },
      { attempt: 1, expires_at: NOW + 30_000, runner_id: 'run_a' },
    ]);
    expect(new Set(entries.map(({ body }) => 'lease_id' in body && body.lease_id)).size).toBe(2);
  });

  test('of a source that the token does not cover is refused', () => {
    expect(gist(claimFrom(queue, { source_id: 'src_other' })).answer).toBe('source_not_permitted');
  });

  test('of a runner that drains is refused', () => {
    const claimed = claimFrom(queue, {}, runnerRow({ status: 'draining' }));
    expect(gist(claimed)).toEqual({ answer: 'runner_draining', entries: [] });
  });

  test('of a runner that drains for other sources than this one is answered', () => {
    const elsewhere = runnerRow({ status: 'draining', sources: ['src_other'] });
    expect(gist(claimFrom(queue, {}, elsewhere)).answer).toBe('ok');
  });

  test('that finds nothing writes nothing', () => {
    expect(claimFrom([])).toMatchObject({ entries: [] });
    expect(claimFrom([])).not.toHaveProperty('volatile');
  });
});
