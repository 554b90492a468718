import { entryHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { expect, test } from 'vitest';
import { NOW, TENANT } from '../test-support.ts';
import { tellStory } from './story.ts';

const ID = 'p1';

/** The newest `shown` of a chain of `length` entries about one proposal. */
function newest(shown: number, length: number): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const before = entries.at(-1);
    const unsealed = {
      tenant: TENANT,
      seq,
      at: new Date(NOW).toISOString(),
      actor: { kind: 'runner', id: 'crd_runner' } as const,
      type: 'evidence.recorded' as const,
      subject: ID,
      body: {},
      prev_hash: 'sha256:other',
      prev_subject_seq: before?.seq ?? null,
      prev_subject_hash: before?.hash ?? null,
    };
    entries.push({ ...unsealed, hash: entryHash(unsealed) });
  }
  return entries.slice(-shown);
}

const told = (entries: readonly LedgerEntry[]) => tellStory(TENANT, ID, entries);

test('a story that fits is told whole', () => {
  expect(told(newest(1_000, 1_000))).toMatchObject({ body: { is_complete: true, integrity: { ok: true } } });
});

test('a longer one says so, and its cut end is no broken chain', () => {
  expect(told(newest(1_000, 1_001))).toMatchObject({
    body: { is_complete: false, integrity: { ok: true, entries: 1_000 } },
  });
});

test('one that lacks its beginning without being cut is broken, and so is one that lacks an entry', () => {
  const broken = { ok: false, reason: 'subject_chain_broken' };
  expect(told(newest(998, 999))).toMatchObject({ body: { integrity: { ...broken, seq: 2 } } });
  const holed = newest(1_001, 1_002).toSpliced(500, 1);
  expect(told(holed)).toMatchObject({ body: { is_complete: false, integrity: { ...broken, seq: 503 } } });
});
