import type { LedgerEntry } from '@countersign/protocol/ledger';
import { expect, test } from 'vitest';
import { extended, shownOf } from './tail.ts';

const entry = (seq: number, type: LedgerEntry['type'] = 'job.leased'): LedgerEntry => ({
  tenant: 'prj_1',
  seq,
  at: '2026-11-22T10:00:00.000Z',
  actor: { kind: 'system', id: 'clock' },
  type,
  subject: 'wrp_1',
  body: {},
  prev_hash: '',
  prev_subject_seq: null,
  prev_subject_hash: null,
  hash: '',
});
const seqs = (entries: readonly LedgerEntry[]) => entries.map(({ seq }) => seq);

test('what came since is put at the end, once', () => {
  const tail = extended({ after: 4, entries: [entry(5)] }, [entry(5), entry(6)]);
  expect(seqs(tail.entries)).toEqual([5, 6]);
  expect(tail.after).toBe(4);
});

test('nothing new changes nothing', () => {
  expect(extended({ after: 4, entries: [entry(5)] }, [entry(5)]).entries).toHaveLength(1);
  expect(extended({ after: 4, entries: [] }, [entry(4)])).toEqual({ after: 4, entries: [] });
});

test('the oldest go where they are too many, and it is known after which it begins', () => {
  const tail = extended({ after: 0, entries: [entry(1), entry(2)] }, [entry(3), entry(4)], 3);
  expect(seqs(tail.entries)).toEqual([2, 3, 4]);
  expect(tail.after).toBe(1);
});

test('the newest stand first, and those of another noun not at all', () => {
  const entries = [entry(1), entry(2, 'proposal.approved'), entry(3)];
  expect(seqs(shownOf(entries, undefined))).toEqual([3, 2, 1]);
  expect(seqs(shownOf(entries, 'proposal'))).toEqual([2]);
});
