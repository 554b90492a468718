import { idempotencyKeyOf } from '@countersign/durable-objects/tenant/jobs/job-form';
import type { ProposalRow } from '@countersign/durable-objects/tenant/schema';
import type { Submission } from '@countersign/durable-objects/tenant/turn/body';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { History, Receipt, Violation } from '../history.ts';

/** What the ledger says of one proposal. */
interface Story {
  readonly row: ProposalRow;
  /** The newest; undefined where none was made, since nobody has seen the row. */
  readonly submission: Submission | undefined;
  readonly approvedSeq: number | undefined;
  readonly isDiscarded: boolean;
  readonly receipt: Receipt | undefined;
}

/**
 * The customer's rows changed exactly as was approved: one receipt for each key, one version for each receipt, an
 * approval before each of them, and an outcome that tells the truth about it.
 */
export function checkExactlyOnce(history: History): Violation[] {
  const stories = storiesOf(history);
  const owned = new Set(stories.map(({ submission }) => submission && idempotencyKeyOf(submission)));
  return [
    ...history.receipts
      .filter(({ key }) => !owned.has(key))
      .map(({ key }) => violation(`a receipt ${key} of no proposal`)),
    ...doubledReceipts(history.receipts),
    ...wrongVersions(history),
    ...stories.flatMap(faultsOf),
  ];
}

function violation(detail: string): Violation {
  return { check: 'exactly-once', detail };
}

function doubledReceipts(receipts: readonly Receipt[]): Violation[] {
  return [...Map.groupBy(receipts, ({ key }) => key)]
    .filter(([, own]) => own.length > 1)
    .map(([key, own]) => violation(`${own.length} receipts ${key}`));
}

/** Each applied receipt is one step of its row's version; the rest are direct edits. */
function wrongVersions({ rows, receipts }: History): Violation[] {
  return rows.flatMap(({ id, initial, version, edited }) => {
    const applied = receipts.filter(({ row, outcome }) => row === id && outcome === 'applied').length;
    if (version === initial + edited + applied) return [];
    return [
      violation(`${id} went from ${initial} to ${version} by edits of ${edited} and ${applied} receipts`),
    ];
  });
}

function storiesOf({ entries, proposals, receipts }: History): Story[] {
  const own = Map.groupBy(entries, ({ subject }) => subject);
  return proposals.map((row) => {
    const story: readonly LedgerEntry[] = own.get(row.proposal_id) ?? [];
    const submission = story.findLast(({ type }) => type === 'proposal.submitted')?.body as
      | Submission
      | undefined;
    const key = submission && idempotencyKeyOf(submission);
    return {
      row,
      submission,
      approvedSeq: story.find(({ type }) => type === 'proposal.approved')?.seq,
      isDiscarded: story.some(({ type }) => type === 'job.discarded'),
      receipt:
        receipts.find((receipt) => receipt.key === key && receipt.outcome === 'applied') ??
        receipts.find((receipt) => receipt.key === key),
    };
  });
}

function faultsOf(story: Story): Violation[] {
  const { row, submission, approvedSeq, receipt } = story;
  const faults = [outcomeFault(story)];
  if (receipt !== undefined) {
    const isEarly = approvedSeq === undefined || approvedSeq > receipt.seq;
    if (isEarly) faults.push(`was written before it was approved (${approvedSeq} > ${receipt.seq})`);
    const guards = submission?.change_set.guards;
    const expected =
      guards !== undefined && 'expected_version' in guards ? guards.expected_version.value : undefined;
    const isStale = receipt.outcome === 'applied' && receipt.base !== expected;
    if (isStale) faults.push(`was approved on version ${String(expected)} and written over ${receipt.base}`);
  }
  return faults
    .filter((fault) => fault !== undefined)
    .map((fault) => violation(`${row.proposal_id} (${row.state}) ${fault}`));
}

/** A dead letter that a person discarded is their word on it; nobody asked the database. */
function outcomeFault({ row, receipt, isDiscarded }: Story): string | undefined {
  switch (row.state) {
    case 'applied':
      if (receipt?.outcome !== 'applied') return 'has no receipt of an apply';
      return row.result?.result_hash === receipt.hash
        ? undefined
        : 'was reported with another hash than its receipt';
    case 'conflict':
      return receipt?.outcome === 'conflict' ? undefined : 'has no receipt of a conflict';
    case 'canceled':
      return receipt?.outcome === 'applied' && !isDiscarded
        ? 'has a receipt of an apply, and nobody knows'
        : undefined;
    case 'rehearsing':
    case 'pending_review':
    case 'changes_requested':
    case 'rejected':
    case 'expired':
    case 'failed':
      return receipt === undefined ? undefined : `has a receipt: ${receipt.outcome}`;
    case 'approved':
    case 'indeterminate':
      return undefined;
  }
}
