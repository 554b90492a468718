import { entryHash, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';
import type { DatabaseDump, Dump, Intent, ProposalDump, ReceiptDump, Wish } from './dump.ts';
import { hashOfReceipt } from './receipts-true.ts';

/* A small campaign in which all went well, for the tests of the checks: each breaks one thing in it. */

export const TENANT = 'prj_sample';
const BEGAN_AT = Date.parse('2026-01-01T00:00:00.000Z');
const SECOND = 1_000;

/** A proposal, and how it ended. */
interface Story {
  readonly id: string;
  readonly wish: Wish;
  readonly row: string;
  readonly expected: number;
  readonly end: 'applied' | 'conflict' | 'failed' | 'rejected';
  /** The version that its receipt tells of. */
  readonly version?: string;
}

const stories: readonly Story[] = [
  { id: 'wrp_1', wish: 'change', row: 'INV-1', expected: 7, end: 'applied', version: '8' },
  { id: 'wrp_2', wish: 'change', row: 'INV-1', expected: 8, end: 'applied', version: '9' },
  { id: 'wrp_3', wish: 'stale', row: 'INV-1', expected: 6, end: 'conflict', version: '9' },
  { id: 'wrp_4', wish: 'unstorable', row: 'INV-2', expected: 7, end: 'failed' },
  { id: 'wrp_5', wish: 'unwanted', row: 'INV-2', expected: 7, end: 'rejected' },
];

export function sampleDump(): Dump {
  const receipts = stories.flatMap((story, place) => receiptOf(story, place));
  const first = { version: 7, fee: 5_500, reason: null };
  const database: DatabaseDump = {
    name: 'postgres',
    rows: [
      { id: 'INV-1', initial: first, final: { version: 9, fee: 2, reason: 'waived by wrp_2' } },
      { id: 'INV-2', initial: first, final: first },
    ],
    receipts,
  };
  return {
    tenant: TENANT,
    intents: stories.map(intentOf),
    databases: [database],
    proposals: stories.map((story) => proposalOf(story, receipts)),
    ledger: chained(stories.flatMap((story, place) => entriesOf(story, place, receipts))),
  };
}

function intentOf({ id, wish, row, expected }: Story, place: number): Intent {
  return {
    proposalId: id,
    wish,
    database: 'postgres',
    row,
    expected,
    fee: place + 1,
    reason: `waived by ${id}`,
  };
}

function receiptOf({ end, id, row, version }: Story, place: number): ReceiptDump[] {
  if (version === undefined) return [];
  const receipt: ReceiptDump = {
    database: 'postgres',
    key: `${id}:${row}`,
    jobId: `wbj_${id}`,
    proposalId: id,
    proposalHash: `sha256:${id}`,
    row,
    status: end,
    reason: end === 'conflict' ? 'VERSION_CONFLICT' : null,
    affectedRows: end === 'applied' ? 1 : 0,
    version,
    hash: '',
    attempt: 1,
    leaseId: `lse_${id}`,
    runnerId: 'runner-1',
    recordedAt: BEGAN_AT + place * SECOND + 500,
  };
  return [{ ...receipt, hash: hashOfReceipt(receipt) }];
}

function proposalOf({ end, id }: Story, receipts: readonly ReceiptDump[]): ProposalDump {
  const receipt = receipts.find(({ proposalId }) => proposalId === id);
  return {
    proposalId: id,
    hash: `sha256:${id}`,
    status: end,
    job: end === 'rejected' ? null : { status: end, leaseExpiresAt: null },
    result:
      end === 'rejected'
        ? null
        : {
            status: end,
            hash: receipt?.hash ?? null,
            version: receipt?.version ?? null,
            errorCode: end === 'failed' ? 'CONSTRAINT_VIOLATED' : null,
            hasDiscrepancy: false,
          },
  };
}

/** An entry before it has its place in the chains. */
export type Unchained = Pick<LedgerEntry, 'actor' | 'at' | 'body' | 'subject' | 'type'>;

function entriesOf({ end, id }: Story, place: number, receipts: readonly ReceiptDump[]): Unchained[] {
  const entry = { subject: id, at: new Date(BEGAN_AT + place * SECOND).toISOString() };
  const person = { kind: 'person', id: 'ada' } as const;
  const runner = { kind: 'runner', id: 'crd_runner' } as const;
  const submitted: Unchained = {
    ...entry,
    type: 'proposal.submitted',
    actor: { kind: 'agent', id: 'crd_agent' },
    body: {},
  };
  if (end === 'rejected')
    return [submitted, { ...entry, type: 'proposal.rejected', actor: person, body: {} }];
  const result = {
    status: end,
    result_hash: receipts.find(({ proposalId }) => proposalId === id)?.hash ?? null,
  };
  const lease = { lease_id: `lse_${id}`, runner_id: 'runner-1', attempt: 1 };
  return [
    submitted,
    { ...entry, type: 'proposal.approved', actor: person, body: {} },
    { ...entry, type: 'job.leased', actor: runner, body: lease },
    { ...entry, type: 'writeback.result', actor: runner, body: { job_id: `wbj_${id}`, result } },
  ];
}

/** Both chains, over entries in their order. */
export function chained(entries: readonly Unchained[]): LedgerEntry[] {
  const done: LedgerEntry[] = [];
  for (const { actor, at, body, subject, type } of entries) {
    const before = done.findLast((entry) => entry.subject === subject);
    const entry = {
      tenant: TENANT,
      seq: done.length + 1,
      at,
      actor,
      type,
      subject,
      body,
      prev_hash: done.at(-1)?.hash ?? genesisHash(TENANT),
      prev_subject_seq: before?.seq ?? null,
      prev_subject_hash: before?.hash ?? null,
    };
    done.push({ ...entry, hash: entryHash(entry) });
  }
  return done;
}
