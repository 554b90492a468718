import {
  capabilitiesFrom,
  documentsInForce,
} from '@countersign/durable-objects/tenant/contracts/documents-in-force';
import { capabilities } from '@countersign/durable-objects/tenant/governance-schema';
import { proposalPage } from '@countersign/durable-objects/tenant/queries/proposal-page';
import { heads, ledger, proposals } from '@countersign/durable-objects/tenant/schema';
import type { RawRow } from '@countersign/durable-objects/tenant/storage/database';
import { insertRows } from '@countersign/durable-objects/tenant/storage/rows';
import { head, NOW, proposalRow, TENANT } from '@countersign/durable-objects/tenant/test-support';
import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import type { ListProposalsQuery } from '@countersign/protocol/proposal-requests';
import { describe, expect, test } from 'vitest';
import { SqliteDatabase } from '../support/sqlite-database.ts';

function entry(seq: number, body: string) {
  return {
    tenant: TENANT,
    seq,
    at: NOW,
    actor_kind: 'agent' as const,
    actor_id: 'crd_agent',
    type: 'proposal.submitted' as const,
    subject: 'p',
    body,
    prev_hash: '',
    prev_subject_seq: null,
    prev_subject_hash: null,
    hash: '',
    nonce: '',
  };
}

interface Listed {
  readonly seq: number;
  readonly proposer?: string;
  readonly characters?: number;
}

/** A tenant with these proposals; its ledger ends at `end`. */
function listed(all: readonly Listed[], end = 1_000): SqliteDatabase {
  const database = new SqliteDatabase();
  const rows = all.map(({ seq, proposer = 'crd_agent' }) => proposalRow({ seq, proposer_id: proposer }));
  const bodies = all.map(({ seq, characters = 2 }) => entry(seq, `"${'x'.repeat(characters)}"`));
  database.run([
    ...insertRows(heads, [{ ...head, seq: end }]),
    ...insertRows(proposals, rows),
    ...insertRows(ledger, bodies),
  ]);
  return database;
}

/** The sequences of all pages, page by page, and the cursors between them. */
function pagesOf(database: SqliteDatabase, caller: Caller, query: ListProposalsQuery, end = 1_000) {
  const pages: number[][] = [];
  const cursors: string[] = [];
  for (let cursor: string | null | undefined = query.cursor; cursor !== null; ) {
    const asked: ListProposalsQuery = cursor === undefined ? query : { ...query, cursor };
    const { statement, nextCursor } = proposalPage(TENANT, asked, caller);
    const rows: readonly RawRow[] = database.run([statement])[0]?.rows ?? [];
    pages.push(rows.map(({ seq }) => Number(seq)));
    cursor = nextCursor(rows, end);
    if (cursor !== null) cursors.push(cursor);
  }
  return { pages, cursors };
}

const service: Caller = { kind: 'service', credentialId: 'crd_service', digest: 'd' };
const agent: Caller = { kind: 'agent', credentialId: 'crd_agent', digest: 'd' };

describe('a page of proposals', () => {
  const large = [11, 12, 13, 14, 15].map((seq) => ({ seq, characters: 1_500_000 }));

  test.each<[string, ListProposalsQuery, number[][]]>([
    [
      'newest first',
      { limit: 500 },
      [
        [15, 14, 13],
        [12, 11],
      ],
    ],
    [
      'of what is pending',
      { limit: 500, status: 'pending_review' },
      [
        [11, 12, 13],
        [14, 15],
      ],
    ],
  ])('ends where it is full of characters, and the next goes on there: %s', (_name, query, pages) => {
    expect(pagesOf(listed(large), service, query).pages).toEqual(pages);
  });

  test('ends after its rows where they are small', () => {
    const small = [11, 12, 13].map((seq) => ({ seq }));
    expect(pagesOf(listed(small), service, { limit: 2 }).pages).toEqual([[13, 12], [11]]);
    expect(pagesOf(listed(small), service, { limit: 5 }).pages).toEqual([[13, 12, 11]]);
  });
});

describe('an agent’s pages', () => {
  const mixed = [11, 12, 13, 14, 15].map((seq) => ({ seq, proposer: seq % 2 === 1 ? 'crd_agent' : 'crd_x' }));

  test.each<[string, ListProposalsQuery]>([
    ['all', { limit: 1 }],
    ['the pending ones', { limit: 1, status: 'pending_review' }],
  ])('hold its own proposals, and no cursor of another’s: %s', (_name, query) => {
    const { pages, cursors } = pagesOf(listed(mixed), agent, query);
    expect(pages.flat()).toEqual([15, 13, 11]);
    expect(cursors).toEqual(['15', '13', '11']);
  });

  test('look so far back each, at places that depend on no row', () => {
    const database = listed([{ seq: 60_000 }, { seq: 59_999, proposer: 'crd_x' }, { seq: 11 }], 120_000);
    expect(pagesOf(database, agent, { limit: 10 }, 120_000)).toEqual({
      pages: [[], [60_000], [11]],
      cursors: ['70001', '20001'],
    });
  });
});

test('a document is read once, however many capabilities it holds', () => {
  const database = new SqliteDatabase();
  const names = ['a', 'b', 'c'];
  const contract = { capabilities: names.map((name) => ({ name, args: {}, visible_fields: [] })) };
  const row = { tenant: TENANT, contract_id: 'ct', version_id: 'v', digest: 'd', label: '1', version_seq: 3 };
  const gone = { ...row, capability: 'gone', version_id: null, digest: null, label: null, version_seq: null };
  database.run([
    ...insertRows(capabilities, [...names.map((capability) => ({ ...row, capability })), gone]),
    ...insertRows(ledger, [entry(3, JSON.stringify({ contract }))]),
  ]);
  const [rows, documents] = database.run(documentsInForce(TENANT)).map((result) => result.rows);
  expect(documents).toHaveLength(1);
  expect(capabilitiesFrom(rows ?? [], documents ?? []).map(({ capability }) => capability.name)).toEqual(
    names,
  );
});
