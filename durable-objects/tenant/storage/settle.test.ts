import { describe, expect, test } from 'vitest';
import type { Head } from '../schema.ts';
import { head, NOW, person, proposalRow, worldOf } from '../test-support.ts';
import type { Tried } from '../turn/tried.ts';
import type { Database } from './database.ts';
import { settle } from './settle.ts';

/** A batch that rejects these proposals, as it was sent under a nonce. */
function sent(nonce: string, sequences: readonly number[]): Tried {
  const rows = sequences.map((seq) => proposalRow({ seq }));
  const world = worldOf({ proposals: rows });
  for (const { proposal_id: subject } of rows) {
    const body = { reason: null, name: 'ann', effect_digest: 'sha256:effect' };
    world.append({ type: 'proposal.rejected', actor: person('ann').actor, subject, body }, NOW);
  }
  const changes = world.changes(nonce);
  if (changes === undefined) throw new Error('nothing changed');
  return {
    base: head,
    changes,
    decided: { replies: [], deliveries: [], admitted: [], dismissed: [], faults: [] },
  };
}

/** A ledger in which the entries of that batch stand. */
function ledgerOf({ changes }: Tried): Database {
  return {
    batch: async ([statement]) => {
      const stands = changes.entries.some(({ entry }) => entry.seq === statement?.params[1]);
      return [{ rows: stands ? [{ nonce: changes.head.nonce }] : [], rowsRead: 1, rowsWritten: 0 }];
    },
  };
}

const nowhere: Database = { batch: () => Promise.reject(new Error('not asked')) };
const moved = (turn: number, nonce: string): Head => ({ ...head, turn, nonce });

describe('a batch whose answer was lost', () => {
  const ours = sent('ours', [11, 12]);

  test('has landed when the head names it', async () => {
    expect(await settle(nowhere, moved(8, 'ours'), [sent('before', [11]), ours])).toBe(ours);
  });

  test('has not, so far, when the head has not moved', async () => {
    expect(await settle(nowhere, head, [ours])).toBeUndefined();
  });

  test('never will when another one moved the head in its place', async () => {
    expect(await settle(nowhere, moved(8, 'other'), [ours])).toBeUndefined();
  });

  test('has landed when its entries stand under newer ones', async () => {
    expect(await settle(ledgerOf(ours), moved(9, 'other'), [ours])).toBe(ours);
  });

  test.each([
    ['only its first entry', [11]],
    ['all that it says', [11, 12]],
  ])(
    'has not when %s stands, as another instance decided it in the same millisecond',
    async (_what, seqs) => {
      expect(await settle(ledgerOf(sent('other', seqs)), moved(9, 'other'), [ours])).toBeUndefined();
    },
  );

  test('cannot be told when it left no entry: it is decided again', async () => {
    const renewal = { ...ours, changes: { ...ours.changes, entries: [] } };
    expect(await settle(nowhere, moved(9, 'other'), [renewal])).toBeUndefined();
  });
});

test('no tenant, nothing to settle', async () => {
  expect(await settle(nowhere, undefined, [sent('ours', [11])])).toBeUndefined();
});
