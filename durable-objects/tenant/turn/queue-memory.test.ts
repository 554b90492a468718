import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queueLane } from '../proposals/lane.ts';
import type { ProposalRow } from '../schema.ts';
import { leasedRow } from '../test-support.ts';
import { QueueMemory } from './queue-memory.ts';

const SOURCES = ['src_a', 'src_b'] as const;

/** The queues as the database has them. */
class Truth {
  readonly rows = new Map<number, ProposalRow>();

  queue(source: string): ProposalRow[] {
    return [...this.rows.values()]
      .filter((row) => row.lane === queueLane(source))
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.seq - b.seq);
  }
}

const steps = fc.array(
  fc.record({
    isRead: fc.boolean(),
    seq: fc.integer({ min: 1, max: 12 }),
    lane: fc.constantFrom('lease', null, ...SOURCES.map(queueLane)),
    rank: fc.integer({ min: 1, max: 4 }),
    source: fc.constantFrom(...SOURCES),
    limit: fc.integer({ min: 1, max: 6 }),
  }),
  { size: 'max', maxLength: 60 },
);

describe('what is remembered of the queues', () => {
  test('is nothing before they were read', () => {
    expect(new QueueMemory().recall('src_a', 1)).toBeUndefined();
  });

  test('is what the database has, or nothing, whatever was read and written', () => {
    const outcomes = { known: 0, unknown: 0 };
    fc.assert(
      fc.property(steps, (history) => {
        const [truth, memory] = [new Truth(), new QueueMemory()];
        for (const { isRead, seq, lane, rank, source, limit } of history) {
          if (isRead) {
            memory.learn(source, limit, truth.queue(source).slice(0, limit));
          } else {
            const before = truth.rows.get(seq);
            const after = { ...leasedRow(), seq, lane, rank };
            truth.rows.set(seq, after);
            memory.follow(before, after);
          }
          const recalled = memory.recall(source, limit);
          outcomes[recalled === undefined ? 'unknown' : 'known'] += 1;
          if (recalled !== undefined) expect(recalled).toEqual(truth.queue(source).slice(0, limit));
        }
      }),
    );
    expect(outcomes.known).toBeGreaterThan(50);
    expect(outcomes.unknown).toBeGreaterThan(50);
  });

  test('is the whole queue while no job is left out', () => {
    const memory = new QueueMemory();
    memory.learn('src_a', 10, []);
    const job = { ...leasedRow(), lane: queueLane('src_a'), rank: 1 };
    memory.follow(undefined, job);
    expect(memory.recall('src_a', 10)).toEqual([job]);
    memory.follow(job, { ...job, lane: 'lease' });
    expect(memory.recall('src_a', 10)).toEqual([]);
  });
});
