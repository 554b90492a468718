import { DatabaseSync } from 'node:sqlite';
import type { EntryType } from '@countersign/protocol/entry-types';
import { entryHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Database, Statement } from '../storage/database.ts';
import { changeSet, NOW, proposalRow, submissionOf, TENANT } from '../test-support.ts';
import { catchUp } from './catch-up.ts';
import type { OwnSql } from './own-sql.ts';
import { SearchIndex, type Wanted } from './search-index.ts';
import { searchKinds } from './searchable.ts';

const row = proposalRow();
const ID = row.proposal_id;

function entry(seq: number, type: EntryType, body: object, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  const unsealed = {
    tenant: TENANT,
    seq,
    at: new Date(NOW + seq).toISOString(),
    actor: { kind: 'agent', id: 'crd_agent' } as const,
    type,
    subject: ID,
    body: { ...body },
    prev_hash: '',
    prev_subject_seq: null,
    prev_subject_hash: null,
    ...changes,
  };
  return { ...unsealed, hash: entryHash(unsealed) };
}

const submitted = (seq: number, reason: string, changes: Partial<LedgerEntry> = {}) =>
  entry(seq, 'proposal.submitted', { ...submissionOf(row), reason }, changes);
const approved = (seq: number) =>
  entry(
    seq,
    'proposal.approved',
    {
      name: 'ann',
      reason: 'because of the flamingo',
      effect_digest: 'sha256:x',
      approval_roles: [],
      job_id: null,
    },
    { actor: { kind: 'person', id: 'iss ann' } },
  );

function ownSql(): OwnSql {
  const database = new DatabaseSync(':memory:');
  return {
    all: (sql, ...params) => database.prepare(sql).all(...params),
    transaction: (work) => {
      database.exec('BEGIN');
      try {
        work();
        database.exec('COMMIT');
      } catch (cause) {
        database.exec('ROLLBACK');
        throw cause;
      }
    },
  };
}

let sql: OwnSql;
let index: SearchIndex;
beforeEach(() => {
  sql = ownSql();
  index = new SearchIndex(sql);
});

function sequences(changes: Partial<Wanted>): number[] {
  const wanted = {
    isWhole: true,
    kinds: searchKinds,
    proposer: null,
    before: 1_000,
    limit: 10,
    match: '"x"',
  };
  return index.search({ ...wanted, ...changes }).map(({ seq }) => seq);
}

describe('an index', () => {
  test('follows the ledger page by page, and remembers where it is', () => {
    const entries = [submitted(1, 'a heron'), approved(2), submitted(3, 'another heron')];
    index.take(index.place, undefined, entries.slice(0, 2));
    index.take(index.place, entries[1]?.hash, entries.slice(2));
    expect(sequences({ match: '"heron"' })).toEqual([3, 1]);
    const again = new SearchIndex(sql);
    expect(again.place).toEqual({ seq: 3, hash: entries[2]?.hash });
  });

  test('takes nothing that was read for another place', () => {
    const beginning = index.place;
    index.take(beginning, undefined, [submitted(1, 'a heron')]);
    index.take(beginning, undefined, [submitted(1, 'a heron')]);
    expect(sequences({ match: '"heron"' })).toEqual([1]);
  });

  test('begins anew when the entry that it ended at is another one', () => {
    index.take(index.place, undefined, [submitted(1, 'a heron')]);
    index.take(index.place, 'sha256:another', [submitted(2, 'an ibis')]);
    expect(index.place).toEqual({ seq: 0, hash: '' });
    expect(sequences({ match: '"heron"' })).toEqual([]);
  });

  test('begins anew when it was made in another form', () => {
    index.take(index.place, undefined, [submitted(1, 'a heron')]);
    sql.all('UPDATE search_place SET form = 0');
    const newer = new SearchIndex(sql);
    expect(newer.place.seq).toBe(0);
  });

  test('finds payloads only for who may look into them', () => {
    index.take(index.place, undefined, [submitted(1, 'a heron'), approved(2)]);
    for (const match of ['"heron"', '"flamingo"', '"5500"', '"INV-1"', '"acme"', '"principal"', '"fee"']) {
      expect([match, sequences({ match }).length > 0]).toEqual([match, true]);
      expect([match, sequences({ match, isWhole: false })]).toEqual([match, []]);
    }
    for (const match of [`"${ID}"`, '"invoices.waive"', '"invoice"', '"ann"'])
      expect([match, sequences({ match, isWhole: false }).length > 0]).toEqual([match, true]);
    const words = sql.all('SELECT words FROM search_open').map(({ words: text }) => String(text));
    expect(words.join()).not.toMatch(/heron|flamingo|5500|INV-1|acme|principal/);
  });

  test('knows whose a proposal is from its first entry on', () => {
    index.take(index.place, undefined, [submitted(1, 'a heron'), approved(2)]);
    expect(sequences({ match: '"ann"', proposer: 'agent:crd_agent' })).toEqual([2]);
    expect(sequences({ match: '"ann"', proposer: 'agent:crd_other' })).toEqual([]);
  });

  test('knows entries by the ids that they carry', () => {
    const event = {
      event_id: 'evt',
      runner_id: 'r',
      source_id: 's',
      evidence_ids: ['evb'],
      query_audit_ids: [7],
    };
    index.take(index.place, undefined, [
      submitted(1, 'a heron'),
      entry(2, 'evidence.recorded', event, { subject: 'runner/r' }),
    ]);
    expect(index.sequencesOf(changeSet.integrity.proposal_hash, 5)).toEqual([1]);
    for (const handle of ['evt', 'evb']) expect(index.sequencesOf(handle, 5)).toEqual([2]);
    for (const handle of ['7', 'evx']) expect(index.sequencesOf(handle, 5)).toEqual([]);
    const [hit] = index.search({
      match: '"evb"',
      isWhole: false,
      kinds: ['evidence'],
      proposer: null,
      before: 9,
      limit: 1,
    });
    expect(hit).toMatchObject({ proposalId: null, kind: 'evidence' });
  });
});

describe('catching up', () => {
  const rest = async () => undefined;

  /** A ledger of `length` proposals, given out two entries a page. */
  function ledgerOf(length: number): Database & { batches: number } {
    const entries = Array.from({ length }, (_, place) => submitted(place + 1, `heron ${place}`));
    const rowOf = ({ at, actor, body, ...rest }: LedgerEntry) => ({
      ...rest,
      at: Date.parse(at),
      actor_kind: actor.kind,
      actor_id: actor.id,
      body: JSON.stringify(body),
    });
    return {
      batches: 0,
      async batch(statements: readonly Statement[]) {
        this.batches += 1;
        const after = Number(statements[1]?.params[1]);
        const standing = entries.filter(({ seq }) => seq === after).map(({ hash }) => ({ hash }));
        const page = entries
          .filter(({ seq }) => seq > after)
          .slice(0, 2)
          .map(rowOf);
        return [standing, page].map((rows) => ({ rows, rowsRead: 0, rowsWritten: 0 }));
      },
    };
  }

  test('ends where the ledger does', async () => {
    const database = ledgerOf(5);
    await catchUp(database, TENANT, index, { through: 5, pages: 100, rest });
    expect([index.place.seq, database.batches]).toEqual([5, 3]);
  });

  test('is bounded, and goes on from where it was', async () => {
    const database = ledgerOf(9);
    await catchUp(database, TENANT, index, { through: 9, pages: 2, rest });
    expect(index.place.seq).toBe(4);
    await catchUp(database, TENANT, index, { through: 9, pages: 2, rest });
    expect(index.place.seq).toBe(8);
  });

  test('by two at once takes every entry once', async () => {
    const database = ledgerOf(9);
    await Promise.all([1, 2, 3].map(() => catchUp(database, TENANT, index, { through: 9, pages: 20, rest })));
    expect(sequences({ match: '"heron"', limit: 100 })).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });
});
