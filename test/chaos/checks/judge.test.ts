import type { LedgerEntry } from '@countersign/protocol/ledger';
import { expect, test } from 'vitest';
import type { Dump, Intent, ProposalDump, ReceiptDump, RowContent } from './dump.ts';
import { judge } from './judge.ts';
import { hashOfReceipt } from './receipts-true.ts';
import { chained, sampleDump, type Unchained } from './sample-dump.ts';

type Change = (dump: Dump) => Dump;

function receipts(change: (all: readonly ReceiptDump[]) => readonly ReceiptDump[]): Change {
  return (dump) => ({
    ...dump,
    databases: dump.databases.map((database) => ({ ...database, receipts: change(database.receipts) })),
  });
}

/** The facts of a receipt differ, and its hash is right for them. */
function receipt(id: string, change: Partial<ReceiptDump>): Change {
  return receipts((all) =>
    all.map((each) => {
      if (each.proposalId !== id) return each;
      const changed = { ...each, ...change };
      return { ...changed, hash: change.hash ?? hashOfReceipt(changed) };
    }),
  );
}

function row(id: string, change: Partial<RowContent>): Change {
  return (dump) => ({
    ...dump,
    databases: dump.databases.map((database) => ({
      ...database,
      rows: database.rows.map((each) =>
        each.id === id ? { ...each, final: { ...each.final, ...change } } : each,
      ),
    })),
  });
}

function proposal(id: string, change: (one: ProposalDump) => ProposalDump): Change {
  return (dump) => ({
    ...dump,
    proposals: dump.proposals.map((each) => (each.proposalId === id ? change(each) : each)),
  });
}

function intent(id: string, change: Partial<Intent>): Change {
  return (dump) => ({
    ...dump,
    intents: dump.intents.map((each) => (each.proposalId === id ? { ...each, ...change } : each)),
  });
}

function ledger(change: (entries: readonly Unchained[]) => readonly Unchained[]): Change {
  return (dump) => ({ ...dump, ledger: chained(change(dump.ledger)) });
}

function entry(id: string, type: LedgerEntry['type'], change: Partial<Unchained>): Change {
  return ledger((all) =>
    all.map((each) => (each.subject === id && each.type === type ? { ...each, ...change } : each)),
  );
}

function withResult(id: string, change: object): Change {
  return proposal(id, (one) => ({
    ...one,
    ...(one.result === null ? {} : { result: { ...one.result, ...change } }),
  }));
}

test('nothing is wrong with a campaign in which all went well', () => {
  expect(judge(sampleDump())).toEqual([]);
});

const again = { attempt: 2, leaseId: 'lse_again', key: 'wrp_1:INV-1:2' };

test.each<[check: string, detail: string, change: Change]>([
  [
    'receipts-once',
    '2 receipts of job wbj_wrp_1',
    receipts((all) =>
      all.flatMap((each) => (each.proposalId === 'wrp_1' ? [each, { ...each, ...again }] : [each])),
    ),
  ],
  ['receipts-once', '2 receipts of key wrp_1:INV-1', receipt('wrp_2', { key: 'wrp_1:INV-1' })],
  ['receipts-once', '2 receipts of proposal wrp_1', receipt('wrp_2', { proposalId: 'wrp_1' })],
  [
    'rows-follow-receipts',
    'INV-1 went from 7 to 10 with 2 receipts; versions that no receipt tells of: 10;',
    row('INV-1', { version: 10 }),
  ],
  [
    'rows-follow-receipts',
    'INV-1 went from 7 to 9 with 1 receipts; versions that no receipt tells of: 8;',
    receipts((all) => all.slice(1)),
  ],
  ['rows-follow-receipts', 'INV-2 went from 7 to 8 with 0 receipts', row('INV-2', { version: 8 })],
  ['rows-follow-receipts', 'INV-1 holds {"fee":1,', row('INV-1', { fee: 1 })],
  ['rows-follow-receipts', 'INV-2 holds {"fee":9,', row('INV-2', { fee: 9 })],
  ['receipts-true', 'another hash than its facts', receipt('wrp_1', { hash: 'sha256:other' })],
  ['receipts-true', 'of a proposal that nobody made', receipt('wrp_1', { proposalId: 'wrp_9' })],
  [
    'receipts-true',
    'was approved for postgres INV-1 and written to INV-2',
    receipt('wrp_1', { row: 'INV-2' }),
  ],
  ['receipts-true', 'has the key of another proposal', receipt('wrp_1', { key: 'wrp_7:INV-1' })],
  ['receipts-true', 'is of the content sha256:else', receipt('wrp_1', { proposalHash: 'sha256:else' })],
  [
    'receipts-true',
    'nobody approved',
    ledger((all) => all.filter(({ subject, type }) => subject !== 'wrp_1' || type !== 'proposal.approved')),
  ],
  [
    'receipts-true',
    'was approved by agent crd_agent',
    entry('wrp_1', 'proposal.approved', { actor: { kind: 'agent', id: 'crd_agent' } }),
  ],
  [
    'receipts-true',
    'was written before its approval',
    entry('wrp_1', 'proposal.approved', { at: '2026-01-01T00:00:00.501Z' }),
  ],
  ['receipts-true', 'a lease that was never given', receipt('wrp_1', { leaseId: 'lse_9' })],
  [
    'receipts-true',
    'the lease was given to runner-1 for attempt 1',
    receipt('wrp_1', { runnerId: 'runner-2' }),
  ],
  ['receipts-true', 'says that 2 rows changed', receipt('wrp_1', { affectedRows: 2 })],
  ['receipts-true', 'was approved on version 6 and made version 9', intent('wrp_2', { expected: 6 })],
  ['receipts-true', 'met version 12, which the row never had', receipt('wrp_3', { version: '12' })],
  ['receipts-true', 'the very version that was expected', intent('wrp_3', { expected: 9 })],
  ['receipts-true', 'says conflict, ROW_NOT_FOUND, 0 rows', receipt('wrp_3', { reason: 'ROW_NOT_FOUND' })],
  [
    'proposals-settled',
    'wrp_1 (change of postgres INV-1 at 7) ended as approved',
    proposal('wrp_1', (one) => ({ ...one, status: 'approved' })),
  ],
  [
    'proposals-settled',
    'wrp_3 (stale of postgres INV-1 at 6) ended as applied',
    proposal('wrp_3', (one) => ({ ...one, status: 'applied' })),
  ],
  [
    'proposals-settled',
    'wrp_1 (change of postgres INV-1 at 7) ended as failed',
    proposal('wrp_1', (one) => ({ ...one, status: 'failed' })),
  ],
  [
    'proposals-settled',
    'the plane does not know it',
    (dump) => ({ ...dump, proposals: dump.proposals.slice(1) }),
  ],
  ['proposals-settled', 'wrp_1 was made by nobody', (dump) => ({ ...dump, intents: dump.intents.slice(1) })],
  ['proposals-settled', 'ended as applied and has no receipt', receipts((all) => all.slice(1))],
  [
    'proposals-settled',
    'ended as applied, and its receipt says conflict',
    receipt('wrp_1', { status: 'conflict' }),
  ],
  ['proposals-settled', 'was told as sha256:other', withResult('wrp_1', { hash: 'sha256:other' })],
  ['proposals-settled', 'an attempt said otherwise', withResult('wrp_1', { hasDiscrepancy: true })],
  ['proposals-settled', 'failed for another reason', withResult('wrp_4', { errorCode: 'PERMISSION_DENIED' })],
  ['proposals-settled', 'ended as rejected and has a receipt', receipt('wrp_2', { proposalId: 'wrp_5' })],
  [
    'leases-ended',
    'a job that is still leased',
    proposal('wrp_1', (one) => ({ ...one, job: { status: 'leased', leaseExpiresAt: null } })),
  ],
  [
    'leases-ended',
    'ended with a lease',
    proposal('wrp_1', (one) => ({
      ...one,
      job: { status: 'applied', leaseExpiresAt: '2026-01-01T00:00:09.000Z' },
    })),
  ],
  [
    'leases-ended',
    'was leased as lse_wrp_1, and nothing ended that',
    ledger((all) => all.filter(({ subject, type }) => subject !== 'wrp_1' || type !== 'writeback.result')),
  ],
  [
    'leases-ended',
    'while lse_wrp_1 stood',
    ledger((all) =>
      all.flatMap((each) => (each.subject === 'wrp_1' && each.type === 'job.leased' ? [each, each] : [each])),
    ),
  ],
  [
    'leases-ended',
    'after it had ended',
    ledger((all) => [
      ...all,
      ...all.filter(({ subject, type }) => subject === 'wrp_1' && type === 'job.leased'),
    ]),
  ],
  [
    'ledger-complete',
    'the ledger is broken at 3: edited',
    (dump) => ({
      ...dump,
      ledger: dump.ledger.map((each) => (each.seq === 3 ? { ...each, body: {} } : each)),
    }),
  ],
  [
    'ledger-complete',
    'the ledger is broken at 4: out_of_sequence',
    (dump) => ({ ...dump, ledger: dump.ledger.toSpliced(2, 1) }),
  ],
  [
    'ledger-complete',
    'the ledger lacks the receipt wrp_1',
    ledger((all) => all.filter(({ subject, type }) => subject !== 'wrp_1' || type !== 'writeback.result')),
  ],
  [
    'ledger-complete',
    'a result of wrp_1 at 4 that no receipt stands behind',
    receipts((all) => all.slice(1)),
  ],
  [
    'ledger-complete',
    'the ledger has 2 results of wrp_1',
    ledger((all) =>
      all.flatMap((each) =>
        each.subject === 'wrp_1' && each.type === 'writeback.result' ? [each, each] : [each],
      ),
    ),
  ],
])('%s: %s', (check, detail, change) => {
  expect(judge(change(sampleDump()))).toContainEqual({ check, detail: expect.stringContaining(detail) });
});
