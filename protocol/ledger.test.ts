import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from './canonical-json.ts';
import { entryTypes } from './entry-types.ts';
import { entryHash, genesisHash, type LedgerEntry, verifyLedger, verifySubject } from './ledger.ts';

const TENANT = 'prj_acme';
const SUBJECTS = ['wrp_a', 'wrp_b', 'runner/r1'];

/** What a test says of an entry; its place and hashes follow. */
interface Fact {
  readonly subject: string;
  readonly note: number;
}

function chain(facts: readonly Fact[], tenant = TENANT): LedgerEntry[] {
  const tips = new Map<string, LedgerEntry>();
  let prev_hash = genesisHash(tenant);
  return facts.map(({ subject, note }, place) => {
    const tip = tips.get(subject);
    const unsealed = {
      tenant,
      seq: place + 1,
      at: new Date(1_000 * place).toISOString(),
      actor: { kind: 'agent', id: 'crd_1' } as const,
      type: entryTypes[note % entryTypes.length] ?? 'proposal.submitted',
      subject,
      body: { note },
      prev_hash,
      prev_subject_seq: tip?.seq ?? null,
      prev_subject_hash: tip?.hash ?? null,
    };
    const entry = { ...unsealed, hash: entryHash(unsealed) };
    prev_hash = entry.hash;
    tips.set(subject, entry);
    return entry;
  });
}

/** The entry with something changed and its hash made to fit: what a forger would do. */
function reseal(entry: LedgerEntry, changes: Partial<LedgerEntry>): LedgerEntry {
  const changed = { ...entry, ...changes };
  return { ...changed, hash: entryHash(changed) };
}

const facts = fc.array(fc.record({ subject: fc.constantFrom(...SUBJECTS), note: fc.nat(1_000) }), {
  minLength: 3,
  maxLength: 12,
});
const tampering = fc
  .tuple(facts, fc.nat())
  .map(([all, at]) => ({ entries: chain(all), at: at % all.length }));

/** Every member of an entry, with another value. */
const edits: { [Member in keyof LedgerEntry]: (entry: LedgerEntry) => LedgerEntry[Member] } = {
  tenant: () => 'prj_other',
  seq: ({ seq }) => seq + 100,
  at: ({ at }) => new Date(Date.parse(at) + 1).toISOString(),
  actor: () => ({ kind: 'person', id: 'crd_1' }),
  type: ({ type }) => (type === 'proposal.approved' ? 'proposal.rejected' : 'proposal.approved'),
  subject: ({ subject }) => `${subject}x`,
  body: () => ({ note: -1 }),
  prev_hash: ({ hash }) => hash,
  prev_subject_seq: ({ prev_subject_seq }) => (prev_subject_seq ?? 0) + 1,
  prev_subject_hash: ({ hash }) => hash,
  hash: ({ prev_hash }) => prev_hash,
};
const members = Object.keys(edits) as (keyof LedgerEntry)[];

test('the hash of an entry is the digest of everything else in it', () => {
  fc.assert(
    fc.property(tampering, fc.jsonValue(), ({ entries, at }, note) => {
      const entry = entries[at];
      if (entry === undefined) throw new TypeError('there is no such entry');
      const { hash, ...rest } = { ...entry, body: { note: JSON.parse(JSON.stringify(note)) } };
      expect(entryHash(rest)).toBe(digest(rest));
      expect(hash).not.toBe(entryHash(rest));
    }),
  );
});

describe('a whole ledger', () => {
  test('as it was written verifies, with its length and last hash', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const entries = chain(all);
        const head_hash = entries.at(-1)?.hash;
        expect(verifyLedger(TENANT, entries)).toEqual({ ok: true, entries: all.length, head_hash });
      }),
    );
    expect(verifyLedger(TENANT, [])).toEqual({ ok: true, entries: 0, head_hash: null });
  });

  test.each(members)('an entry whose %s was edited is found', (member) => {
    fc.assert(
      fc.property(tampering, ({ entries, at }) => {
        const edited = entries.map((entry, place) =>
          place === at ? { ...entry, [member]: edits[member](entry) } : entry,
        );
        const verdict = verifyLedger(TENANT, edited);
        expect(verdict).toEqual({
          ok: false,
          seq: edited[at]?.seq,
          reason: member === 'tenant' ? 'foreign_entry' : 'edited',
        });
      }),
    );
  });

  test('an entry that was edited and sealed again breaks the chain at the next one', () => {
    fc.assert(
      fc.property(tampering, ({ entries, at }) => {
        const forged = entries.map((entry, place) =>
          place === at ? reseal(entry, { body: { note: -1 } }) : entry,
        );
        const isLast = at === entries.length - 1;
        const next = { ok: false, seq: at + 2, reason: 'chain_broken' };
        expect(verifyLedger(TENANT, forged)).toMatchObject(isLast ? { ok: true } : next);
        expect(forged.at(-1)?.hash === entries.at(-1)?.hash).toBe(!isLast);
      }),
    );
  });

  test('an entry that was dropped is found where the next one stands', () => {
    fc.assert(
      fc.property(tampering, ({ entries, at }) => {
        fc.pre(at < entries.length - 1);
        const verdict = verifyLedger(TENANT, entries.toSpliced(at, 1));
        expect(verdict).toEqual({ ok: false, seq: at + 2, reason: 'out_of_sequence' });
      }),
    );
  });

  test('an entry that was inserted is found', () => {
    fc.assert(
      fc.property(tampering, ({ entries, at }) => {
        const copy = entries[at];
        if (copy === undefined) throw new TypeError('there is no such entry');
        const again = verifyLedger(TENANT, entries.toSpliced(at + 1, 0, copy));
        expect(again).toEqual({ ok: false, seq: at + 1, reason: 'out_of_sequence' });
        const forged = reseal(copy, {
          seq: at + 2,
          prev_hash: copy.hash,
          prev_subject_seq: copy.seq,
          prev_subject_hash: copy.hash,
        });
        const verdict = verifyLedger(TENANT, entries.toSpliced(at + 1, 0, forged));
        const isLast = at === entries.length - 1;
        expect(verdict).toMatchObject(
          isLast ? { ok: true } : { ok: false, seq: at + 2, reason: 'out_of_sequence' },
        );
      }),
    );
  });

  test('two entries in each other’s place are found at the first of them', () => {
    fc.assert(
      fc.property(tampering, ({ entries, at }) => {
        fc.pre(at < entries.length - 1);
        const [first, second] = entries.slice(at);
        if (first === undefined || second === undefined) throw new TypeError('there are no such entries');
        const verdict = verifyLedger(TENANT, entries.toSpliced(at, 2, second, first));
        expect(verdict).toEqual({ ok: false, seq: at + 2, reason: 'out_of_sequence' });
      }),
    );
  });

  test('entries renumbered after a drop do not hold together', () => {
    const entries = chain([
      { subject: 'wrp_a', note: 1 },
      { subject: 'wrp_b', note: 2 },
      { subject: 'wrp_a', note: 3 },
    ]);
    const renumbered = [entries[0], entries[2]].flatMap((entry, place) =>
      entry === undefined ? [] : [reseal(entry, { seq: place + 1 })],
    );
    expect(verifyLedger(TENANT, renumbered)).toEqual({ ok: false, seq: 2, reason: 'chain_broken' });
  });

  test('a history of a subject that was cut out of the middle is found though the chain was mended', () => {
    const [first, second, third] = chain([
      { subject: 'wrp_a', note: 1 },
      { subject: 'wrp_a', note: 2 },
      { subject: 'wrp_a', note: 3 },
    ]);
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('too short');
    const mended = reseal(third, { seq: 2, prev_hash: first.hash });
    expect(verifyLedger(TENANT, [first, mended])).toEqual({
      ok: false,
      seq: 2,
      reason: 'subject_chain_broken',
    });
  });

  test('another tenant’s ledger is not this one’s', () => {
    const entries = chain([{ subject: 'wrp_a', note: 1 }], 'prj_other');
    expect(verifyLedger(TENANT, entries)).toEqual({ ok: false, seq: 1, reason: 'foreign_entry' });
    const renamed = entries.map((entry) => reseal(entry, { tenant: TENANT }));
    expect(verifyLedger(TENANT, renamed)).toEqual({ ok: false, seq: 1, reason: 'chain_broken' });
  });
});

describe('one subject alone', () => {
  const histories = tampering.map(({ entries, at }) => {
    const subject = entries[at]?.subject ?? '';
    const own = entries.filter((entry) => entry.subject === subject);
    return { subject, own, at: own.findIndex(({ seq }) => seq === at + 1) };
  });

  test('verifies without the rest of the ledger', () => {
    fc.assert(
      fc.property(histories, ({ subject, own }) => {
        expect(verifySubject(TENANT, subject, own)).toEqual({
          ok: true,
          entries: own.length,
          head_hash: own.at(-1)?.hash,
        });
      }),
    );
  });

  test.each(members)('an entry whose %s was edited is found', (member) => {
    fc.assert(
      fc.property(histories, ({ subject, own, at }) => {
        const edited = own.map((entry, place) =>
          place === at ? { ...entry, [member]: edits[member](entry) } : entry,
        );
        expect(verifySubject(TENANT, subject, edited)).toEqual({
          ok: false,
          seq: edited[at]?.seq,
          reason: member === 'tenant' || member === 'subject' ? 'foreign_entry' : 'edited',
        });
      }),
    );
  });

  test('an entry that was dropped or changed places is found at the next', () => {
    fc.assert(
      fc.property(histories, ({ subject, own, at }) => {
        fc.pre(at < own.length - 1);
        const [first, second] = own.slice(at);
        if (first === undefined || second === undefined) throw new TypeError('there are no such entries');
        const found = { ok: false, seq: second.seq, reason: 'subject_chain_broken' };
        expect(verifySubject(TENANT, subject, own.toSpliced(at, 1))).toEqual(found);
        expect(verifySubject(TENANT, subject, own.toSpliced(at, 2, second, first))).toEqual(found);
      }),
    );
  });

  test('an entry of another subject does not belong to it', () => {
    const [a, b] = chain([
      { subject: 'wrp_a', note: 1 },
      { subject: 'wrp_b', note: 2 },
    ]);
    if (a === undefined || b === undefined) throw new TypeError('too short');
    expect(verifySubject(TENANT, 'wrp_a', [a, b])).toEqual({ ok: false, seq: 2, reason: 'foreign_entry' });
  });
});
