import { createHash } from 'node:crypto';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import {
  byProposal,
  type DatabaseDump,
  type Dump,
  type Intent,
  type ProposalDump,
  type ReceiptDump,
  type Violation,
} from './dump.ts';

/** What the plane knows about a receipt's proposal. */
interface Known {
  readonly intent: Intent;
  readonly proposal: ProposalDump;
  readonly story: readonly LedgerEntry[];
}

/**
 * Each receipt is what it says: its hash is that of its facts, it belongs to a proposal that a person had approved
 * before, it was written under a lease that was given to its runner, and its outcome is true of its row.
 */
export function checkReceiptsTrue({ databases, intents, ledger, proposals }: Dump): Violation[] {
  const [intentOf, proposalOf] = [byProposal(intents), byProposal(proposals)];
  const stories = Map.groupBy(ledger, ({ subject }) => subject);
  return databases.flatMap((database) =>
    database.receipts.flatMap((receipt) => {
      const intent = intentOf.get(receipt.proposalId);
      const proposal = proposalOf.get(receipt.proposalId);
      const story = stories.get(receipt.proposalId) ?? [];
      const faults =
        intent === undefined || proposal === undefined
          ? ['is of a proposal that nobody made']
          : faultsOf(receipt, database, { intent, proposal, story });
      return faults.map((fault) => ({
        check: 'receipts-true',
        detail: `${database.name} ${receipt.key} (${receipt.status}, ${receipt.recordedAt}) ${fault}`,
      }));
    }),
  );
}

function faultsOf(receipt: ReceiptDump, database: DatabaseDump, known: Known): string[] {
  return [
    hashFault(receipt),
    placeFault(receipt, database, known),
    approvalFault(receipt, known),
    leaseFault(receipt, known),
    outcomeFault(receipt, database, known.intent),
  ].filter((fault) => fault !== undefined);
}

/** The formula as the protocol words it, written down here once more. */
export function hashOfReceipt({ jobId, status, version }: ReceiptDump): string {
  const told = version === null ? '' : `,"version":${JSON.stringify(version)}`;
  const text = `{"job_id":${JSON.stringify(jobId)},"status":${JSON.stringify(status)}${told}}`;
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

function hashFault(receipt: ReceiptDump): string | undefined {
  return receipt.hash === hashOfReceipt(receipt)
    ? undefined
    : `has another hash than its facts: ${receipt.hash}`;
}

function placeFault(
  { key, proposalHash, row }: ReceiptDump,
  { name }: DatabaseDump,
  { intent, proposal }: Known,
): string | undefined {
  if (intent.database !== name || intent.row !== row)
    return `was approved for ${intent.database} ${intent.row} and written to ${row}`;
  if (!key.startsWith(`${intent.proposalId}:`)) return 'has the key of another proposal';
  return proposal.hash === proposalHash
    ? undefined
    : `is of the content ${proposalHash}, not ${proposal.hash}`;
}

function approvalFault({ recordedAt }: ReceiptDump, { story }: Known): string | undefined {
  const approval = story.find(({ type }) => type === 'proposal.approved');
  if (approval === undefined) return 'is of a proposal that nobody approved';
  if (approval.actor.kind !== 'person') return `was approved by ${approval.actor.kind} ${approval.actor.id}`;
  return Date.parse(approval.at) <= recordedAt
    ? undefined
    : `was written before its approval at ${approval.at}`;
}

function leaseFault({ attempt, leaseId, runnerId }: ReceiptDump, { story }: Known): string | undefined {
  const lease = story.find(({ body, type }) => type === 'job.leased' && body.lease_id === leaseId);
  if (lease === undefined) return `was written under ${leaseId}, a lease that was never given`;
  const { body } = lease;
  return body.runner_id === runnerId && body.attempt === attempt
    ? undefined
    : `was written by ${runnerId} in attempt ${attempt}; the lease was given to ${body.runner_id} for attempt ${body.attempt}`;
}

function outcomeFault(receipt: ReceiptDump, { rows }: DatabaseDump, intent: Intent): string | undefined {
  const version = Number(receipt.version);
  if (receipt.status === 'applied') {
    if (receipt.affectedRows !== 1) return `says that ${receipt.affectedRows} rows changed`;
    return version === intent.expected + 1
      ? undefined
      : `was approved on version ${intent.expected} and made version ${receipt.version}`;
  }
  if (receipt.status !== 'conflict' || receipt.reason !== 'VERSION_CONFLICT' || receipt.affectedRows !== 0)
    return `says ${receipt.status}, ${receipt.reason}, ${receipt.affectedRows} rows`;
  const row = rows.find(({ id }) => id === receipt.row);
  // Versions go up by one and no row goes away: those that it ever had are the ones from the first to the last.
  const wasThere = row !== undefined && version >= row.initial.version && version <= row.final.version;
  if (!wasThere) return `met version ${receipt.version}, which the row never had`;
  return version === intent.expected ? 'is a conflict with the very version that was expected' : undefined;
}
