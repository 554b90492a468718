import { entryHash, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { verifyExport } from '@countersign/protocol/verify-export';
import { describe, expect, test } from 'vitest';
import { exportLines, type ReadPage } from './export-lines.ts';

const TENANT = 'prj_1';
const AT = '2027-01-15T08:00:00.000Z';

function ledgerOf(length: number): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const unsealed = {
      tenant: TENANT,
      seq,
      at: AT,
      actor: { kind: 'system', id: 'tenant' } as const,
      type: 'proposal.expired' as const,
      subject: 'p1',
      body: { expires_at: seq },
      prev_hash: entries.at(-1)?.hash ?? genesisHash(TENANT),
      prev_subject_seq: entries.at(-1)?.seq ?? null,
      prev_subject_hash: entries.at(-1)?.hash ?? null,
    };
    entries.push({ ...unsealed, hash: entryHash(unsealed) });
  }
  return entries;
}

const entries = ledgerOf(7);
const head = { seq: 7, hash: entries[6]?.hash ?? '', turn: 1 };
const page = (after: number, through = 7) => ({
  entries: entries.filter(({ seq }) => seq > after && seq <= through).slice(0, 3),
  head,
});
const whole = { project_id: TENANT, scope: 'whole' } as const;

/** What a client has got when the answer ends, and whether it broke off. */
async function exported(readPage: ReadPage, first = page(0)): Promise<{ text: string; isBroken: boolean }> {
  let text = '';
  try {
    for await (const piece of exportLines(whole, first, readPage, AT)) text += piece;
    return { text, isBroken: false };
  } catch {
    return { text, isBroken: true };
  }
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n').filter((line) => line !== '');
}

describe('an export in pages', () => {
  test('is what verifies, each page read once and after the one before', async () => {
    const asked: number[][] = [];
    const { text } = await exported(async (after, through) => {
      asked.push([after, through]);
      return page(after, through);
    });
    expect(asked).toEqual([
      [3, 7],
      [6, 7],
    ]);
    expect(await verifyExport(linesOf(text))).toMatchObject({ ok: true, entries: 7 });
  });

  test('ends at the head that it began at, whatever has come since', async () => {
    const longer = ledgerOf(9);
    const { text } = await exported(async (after, through) => ({
      entries: longer.filter(({ seq }) => seq > after && seq <= through),
      head: { seq: 9, hash: longer[8]?.hash ?? '', turn: 1 },
    }));
    expect(await verifyExport(linesOf(text))).toMatchObject({ ok: true, manifest: { to_seq: 7 } });
  });

  test.each<[string, ReadPage]>([
    ['cannot be read', () => Promise.reject(new Error('lost'))],
    ['has lost its end', async () => ({ entries: [], head })],
    ['leaves an entry out', async (after) => page(after + 1)],
    ['gives an entry again', async (after) => page(after - 1)],
    [
      'is of a record that was rewound',
      async (after) => ({
        entries: page(after).entries.map((one) => ({ ...one, prev_hash: 'sha256:x' })),
        head,
      }),
    ],
  ])('whose next page %s breaks off without a manifest', async (_name, readPage) => {
    const { text, isBroken } = await exported(readPage);
    expect(isBroken).toBe(true);
    expect(await verifyExport(linesOf(text))).toMatchObject({
      ok: false,
      entries: 3,
      fault: { code: 'truncated' },
    });
  });

  test('of a record without entries is a manifest', async () => {
    const { text } = await exported(() => Promise.reject(new Error('not asked')), {
      entries: [],
      head: { seq: 0, hash: genesisHash(TENANT), turn: 1 },
    });
    expect(await verifyExport(linesOf(text))).toMatchObject({ ok: true, entries: 0 });
  });
});
