import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, digest, textDigest } from './canonical-json.ts';
import { entryHash, genesisHash, type LedgerEntry, verifyLedger } from './ledger.ts';
import { type ExportScope, ExportWriter } from './ledger-export.ts';
import { type ExportVerdict, verifyExport } from './verify-export.ts';

const TENANT = 'prj_acme';
const WHOLE: ExportScope = { project_id: TENANT, scope: 'whole' };
const OF_B: ExportScope = { project_id: TENANT, scope: 'proposal', subject: 'wrp_b' };
const AT = '2026-11-21T12:00:00.000Z';

/** A ledger whose entries go around three subjects, with bodies that are awkward to carry. */
function ledger(length: number, tenant = TENANT): LedgerEntry[] {
  const tips = new Map<string, LedgerEntry>();
  let prev_hash = genesisHash(tenant);
  return Array.from({ length }, (_, place) => {
    const subject = ['wrp_a', 'wrp_b', 'runner/"r\\1'][place % 3] ?? '';
    const tip = tips.get(subject);
    const entry = seal({
      tenant,
      seq: place + 1,
      at: new Date(1_000 * place).toISOString(),
      actor: { kind: 'agent', id: 'crd_1' },
      type: 'proposal.submitted',
      subject,
      body: { note: place, hash: 'x","hash":"sha256:', ž: { b: [1, { c: null }], '10': 'ü', '9': 0.5 } },
      prev_hash,
      prev_subject_seq: tip?.seq ?? null,
      prev_subject_hash: tip?.hash ?? null,
    });
    prev_hash = entry.hash;
    tips.set(subject, entry);
    return entry;
  });
}

/** The entry with a hash that fits: what a forger can always do. */
function seal({ hash: _, ...entry }: Omit<LedgerEntry, 'hash'> & { hash?: string }): LedgerEntry {
  return { ...entry, hash: entryHash(entry) };
}

function linesOf(entries: readonly LedgerEntry[], scope: ExportScope = WHOLE): string[] {
  const writer = new ExportWriter(scope);
  const text = entries.map((entry) => writer.line(entry)).join('') + writer.manifest(AT);
  return text.split('\n').slice(0, -1);
}

async function* from(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const verify = (lines: readonly string[]): Promise<ExportVerdict> => verifyExport(from(lines));

async function faultOf(lines: readonly string[]) {
  const verdict = await verify(lines);
  return verdict.ok ? undefined : { line: verdict.fault.line, code: verdict.fault.code };
}

const whole = linesOf(ledger(12));
const ofB = linesOf(
  ledger(12).filter(({ subject }) => subject === 'wrp_b'),
  OF_B,
);
const without = (lines: readonly string[], ...places: number[]) =>
  lines.filter((_, place) => !places.includes(place));
const withLine = (lines: readonly string[], place: number, line: string) => lines.with(place, line);
const lineAt = (lines: readonly string[], place: number) => lines.at(place) ?? '';
const entryAt = (lines: readonly string[], place: number): LedgerEntry => JSON.parse(lineAt(lines, place));
/** The manifest with something else in it and a digest that fits. */
function remade(lines: readonly string[], changes: object): string[] {
  const { digest: _, ...sealed } = { ...JSON.parse(lineAt(lines, -1)).manifest, ...changes };
  return lines.with(-1, canonicalJson({ manifest: { ...sealed, digest: digest(sealed) } }));
}

describe('an export as it was made', () => {
  test('verifies, and says what it is of', async () => {
    const verdict = await verify(whole);
    expect(verdict).toMatchObject({ ok: true, entries: 12 });
    expect(verdict).toMatchObject({
      manifest: {
        format: 'countersign.ledger-export.v1',
        project_id: TENANT,
        scope: 'whole',
        from_seq: 1,
        to_seq: 12,
        head_hash: entryAt(whole, 11).hash,
        exported_at: AT,
      },
    });
  });

  test('of one proposal verifies alone', async () => {
    expect(await verify(ofB)).toMatchObject({
      ok: true,
      entries: 4,
      manifest: { scope: 'proposal', subject: 'wrp_b', from_seq: 2, to_seq: 11 },
    });
  });

  test('of nothing verifies', async () => {
    expect(await verify(linesOf([]))).toMatchObject({ ok: true, entries: 0, manifest: { head_hash: null } });
  });

  test('of any length agrees with the ledger that it was made of', async () => {
    for (let length = 1; length < 140; length += 23) {
      const entries = ledger(length);
      expect(verifyLedger(TENANT, entries)).toMatchObject({ ok: true });
      expect(await verify(linesOf(entries))).toMatchObject({ ok: true, entries: length });
    }
  });
});

describe('edited', () => {
  test.each([0, 5, 11])('entry at %i', async (place) => {
    const changed = lineAt(whole, place).replace('"note":', '"note":1');
    expect(await faultOf(withLine(whole, place, changed))).toEqual({ line: place + 1, code: 'edited' });
  });

  test('and hashed anew', async () => {
    for (const [lines, place] of [
      [whole, 5],
      [ofB, 1],
    ] as const) {
      const forged = canonicalJson(seal({ ...entryAt(lines, place), body: { note: 'forged' } }));
      expect(await faultOf(withLine(lines, place, forged))).toEqual({ line: place + 2, code: 'edited' });
    }
  });

  test('in the first entry and hashed anew, so that it begins another ledger', async () => {
    const forged = canonicalJson(seal({ ...entryAt(whole, 0), prev_hash: genesisHash('prj_other') }));
    expect(await faultOf(withLine(whole, 0, forged))).toEqual({ line: 1, code: 'edited' });
  });

  test('in its text alone: blanks, another order of keys', async () => {
    for (const text of [
      lineAt(whole, 4).replace('"note":', '"note": '),
      JSON.stringify(Object.fromEntries(Object.entries(entryAt(whole, 4)).reverse())),
    ]) {
      expect(await faultOf(withLine(whole, 4, text))).toEqual({ line: 13, code: 'edited' });
    }
  });

  test('by a key that is there twice', async () => {
    const twice = lineAt(whole, 4).replace('"note":4', '"note":4,"note":5');
    expect(await faultOf(withLine(whole, 4, twice))).toEqual({ line: 5, code: 'edited' });
  });
});

describe('dropped', () => {
  test.each([
    ['the first', [0], 1],
    ['one', [4], 5],
    ['several', [4, 5, 6], 5],
  ])('%s', async (_name, places, line) => {
    expect(await faultOf(without(whole, ...places))).toEqual({ line, code: 'dropped' });
  });

  test('the last, which only the manifest tells', async () => {
    expect(await faultOf(without(whole, 11))).toEqual({ line: 12, code: 'dropped' });
    expect(await faultOf(without(ofB, 3))).toEqual({ line: 4, code: 'dropped' });
  });

  test('one of a proposal, also the first', async () => {
    expect(await faultOf(without(ofB, 0))).toEqual({ line: 1, code: 'dropped' });
    expect(await faultOf(without(ofB, 2))).toEqual({ line: 3, code: 'dropped' });
  });
});

describe('inserted', () => {
  test('the same entry twice, at once, later or sooner', async () => {
    for (const [from, to, line] of [
      [4, 5, 6],
      [4, 9, 10],
      [9, 4, 5],
    ] as const) {
      expect(await faultOf(whole.toSpliced(to, 0, lineAt(whole, from)))).toEqual({ line, code: 'inserted' });
    }
    expect(await faultOf(ofB.toSpliced(2, 0, lineAt(ofB, 1)))).toEqual({ line: 3, code: 'inserted' });
  });

  test('one that was made up to fit after the one before it', async () => {
    const { hash: prev_hash, seq } = entryAt(whole, 4);
    const made = canonicalJson(seal({ ...entryAt(whole, 5), seq: seq + 1, prev_hash, body: {} }));
    expect(await faultOf(whole.toSpliced(5, 0, made))).toEqual({ line: 7, code: 'inserted' });
  });

  test('one that fits nowhere', async () => {
    const made = canonicalJson(seal({ ...entryAt(whole, 5), prev_hash: genesisHash(TENANT), body: {} }));
    expect(await faultOf(whole.toSpliced(5, 0, made))).toEqual({ line: 6, code: 'inserted' });
  });

  test('one of another subject', async () => {
    expect(await faultOf(ofB.toSpliced(2, 0, lineAt(whole, 5)))).toEqual({ line: 3, code: 'inserted' });
  });

  test('one into a proposal, between two of its entries', async () => {
    const { hash, seq } = entryAt(ofB, 1);
    const made = seal({
      ...entryAt(ofB, 1),
      seq: seq + 1,
      prev_subject_seq: seq,
      prev_subject_hash: hash,
      body: {},
    });
    expect(await faultOf(ofB.toSpliced(2, 0, canonicalJson(made)))).toEqual({ line: 4, code: 'inserted' });
  });

  test('something after the manifest', async () => {
    expect(await faultOf([...whole, lineAt(whole, -1)])).toEqual({ line: 14, code: 'inserted' });
  });
});

describe('reordered', () => {
  test.each([
    ['neighbours', 4, 5],
    ['far apart', 1, 10],
    ['the first two', 0, 1],
  ])('%s', async (_name, one, other) => {
    const swapped = whole.with(one, lineAt(whole, other)).with(other, lineAt(whole, one));
    expect(await faultOf(swapped)).toEqual({ line: one + 1, code: 'reordered' });
  });

  test('within a proposal', async () => {
    const swapped = ofB.with(1, lineAt(ofB, 2)).with(2, lineAt(ofB, 1));
    expect(await faultOf(swapped)).toEqual({ line: 2, code: 'reordered' });
  });
});

describe('truncated', () => {
  test('at any line', async () => {
    for (const lines of [whole, ofB])
      for (let length = 0; length < lines.length; length += 1)
        expect(await faultOf(lines.slice(0, length))).toEqual({ line: length, code: 'truncated' });
  });

  test('within a line, the manifest too', async () => {
    for (const place of [0, 6, 12]) {
      const cut = whole.slice(0, place + 1).with(-1, lineAt(whole, place).slice(0, -10));
      expect(await faultOf(cut)).toEqual({ line: place + 1, code: 'truncated' });
    }
  });
});

describe('the manifest', () => {
  test.each([
    ['entries', { entries: 11 }],
    ['head_hash', { head_hash: genesisHash('x') }],
    ['exported_at', { exported_at: '2020-01-01T00:00:00Z' }],
    ['a field that is not known', { note: 1 }],
  ])('altered in %s', async (_name, changes) => {
    const { manifest } = JSON.parse(lineAt(whole, -1));
    const altered = whole.with(-1, canonicalJson({ manifest: { ...manifest, ...changes } }));
    expect(await faultOf(altered)).toEqual({ line: 13, code: 'manifest_altered' });
  });

  test.each([
    ['entries that are fewer', { entries: 11 }, 'inserted'],
    ['entries that are more', { entries: 13 }, 'dropped'],
    ['another head', { head_hash: genesisHash('x') }, 'manifest_altered'],
    ['another end', { to_seq: 13 }, 'manifest_altered'],
    ['another beginning', { from_seq: 2 }, 'manifest_altered'],
    ['a subject, being whole', { subject: 'wrp_a' }, 'manifest_altered'],
    ['other text', { entries_digest: genesisHash('x') }, 'edited'],
    ['another project', { project_id: 'prj_other' }, 'foreign'],
    ['another form', { format: 'countersign.ledger-export.v2' }, 'manifest_altered'],
  ])('made anew with %s', async (_name, changes, code) => {
    expect(await faultOf(remade(whole, changes))).toEqual({ line: 13, code });
  });

  test('made anew for another proposal', async () => {
    expect(await faultOf(remade(ofB, { subject: 'wrp_a' }))).toEqual({ line: 5, code: 'manifest_altered' });
  });

  test('made anew for a whole that is none', async () => {
    const { digest: _, subject: __, ...rest } = JSON.parse(lineAt(ofB, -1)).manifest;
    const sealed = { ...rest, scope: 'whole' };
    const posing = ofB.with(-1, canonicalJson({ manifest: { ...sealed, digest: digest(sealed) } }));
    expect(await faultOf(posing)).toEqual({ line: 1, code: 'dropped' });
  });
});

describe('what is no export', () => {
  test('has an entry of another project', async () => {
    const foreign = linesOf(ledger(12, 'prj_other'));
    expect(await faultOf(withLine(whole, 5, lineAt(foreign, 5)))).toEqual({ line: 6, code: 'foreign' });
  });

  test.each([
    ['', 'a blank line'],
    ['{"actor":', 'a piece'],
    ['[]', 'a list'],
    ['{"seq":1}', 'an object of another kind'],
    ['1e999', 'a number beyond all bounds'],
    [`{"actor":${'['.repeat(100_000)}`, 'nesting without end'],
  ])('has %j in the middle: %s', async (line) => {
    expect(await faultOf(whole.toSpliced(5, 0, line))).toEqual({ line: 6, code: 'malformed' });
  });

  test('says nothing of the types of entries that it does not know', async () => {
    const { hash: _, ...entry } = entryAt(whole, 0);
    const newer = { ...entry, type: 'newer.kind' };
    const line = canonicalJson({ ...newer, hash: digest(newer) });
    const lines = remade([line, lineAt(linesOf([entryAt(whole, 0)]), -1)], {
      head_hash: digest(newer),
      entries_digest: textDigest(`${line}\n`),
    });
    expect(await verify(lines)).toMatchObject({ ok: true });
  });
});

describe('whatever is done to the lines', () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('drop'), at: fc.nat(12), to: fc.nat(12) }),
    fc.record({ kind: fc.constant('copy'), at: fc.nat(12), to: fc.nat(13) }),
    fc.record({ kind: fc.constant('swap'), at: fc.nat(12), to: fc.nat(12) }),
    fc.record({ kind: fc.constant('flip'), at: fc.nat(12), to: fc.nat(200) }),
  );

  function done(
    lines: readonly string[],
    { kind, at, to }: { kind: string; at: number; to: number },
  ): string[] {
    if (kind === 'drop') return without(lines, at);
    if (kind === 'copy') return lines.toSpliced(to, 0, lineAt(lines, at));
    if (kind === 'swap') return lines.with(at, lineAt(lines, to)).with(to, lineAt(lines, at));
    const line = lineAt(lines, at);
    const place = to % line.length;
    const other = line.charCodeAt(place) === 0x31 ? '2' : '1';
    return withLine(lines, at, line.slice(0, place) + other + line.slice(place + 1));
  }

  test('it is found, unless nothing was', async () => {
    await fc.assert(
      fc.asyncProperty(change, async (what) => {
        const lines = done(whole, what);
        const isSame = lines.length === whole.length && lines.every((line, place) => line === whole[place]);
        expect((await verify(lines)).ok).toBe(isSame);
      }),
      { numRuns: 500 },
    );
  });
});
