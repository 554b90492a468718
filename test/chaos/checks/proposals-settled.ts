import {
  byProposal,
  type Dump,
  type Intent,
  type ProposalDump,
  type ReceiptDump,
  receiptsOf,
  type Violation,
  type Wish,
} from './dump.ts';

/** How a proposal may end, by what it was made for. */
const honestEnds: Readonly<Record<Wish, readonly string[]>> = {
  change: ['applied', 'conflict'],
  stale: ['conflict'],
  unstorable: ['failed', 'conflict'],
  unwanted: ['rejected'],
};

/** Every proposal ended, honestly, and what the plane says of it is what its receipt says, or that there is none. */
export function checkProposalsSettled(dump: Dump): Violation[] {
  const told = byProposal(dump.proposals);
  const intents = byProposal(dump.intents);
  const receipts = byProposal(receiptsOf(dump));
  const unknown = dump.proposals.filter(({ proposalId }) => !intents.has(proposalId));
  return [
    ...unknown.map(({ proposalId }) => violation(`${proposalId} was made by nobody`)),
    ...dump.intents.flatMap((intent) => {
      const proposal = told.get(intent.proposalId);
      const fault =
        proposal === undefined
          ? 'was acknowledged, and the plane does not know it'
          : faultOf(intent, proposal, receipts.get(intent.proposalId));
      if (fault === undefined) return [];
      const about = `${intent.proposalId} (${intent.wish} of ${intent.database} ${intent.row} at ${intent.expected})`;
      return [violation(`${about} ${fault}`)];
    }),
  ];
}

function violation(detail: string): Violation {
  return { check: 'proposals-settled', detail };
}

function faultOf(
  intent: Intent,
  proposal: ProposalDump,
  receipt: ReceiptDump | undefined,
): string | undefined {
  const { result, status } = proposal;
  if (!honestEnds[intent.wish].includes(status)) return `ended as ${status} ${result?.errorCode ?? ''}`;
  if (result?.hasDiscrepancy === true) return `ended as ${status}, and an attempt said otherwise`;
  if (status === 'applied' || status === 'conflict') return receiptFault(proposal, receipt);
  if (receipt !== undefined) return `ended as ${status} and has a receipt: ${receipt.status}`;
  if (status === 'failed' && result?.errorCode !== 'CONSTRAINT_VIOLATED')
    return `failed for another reason than its own: ${result?.errorCode}`;
  return undefined;
}

function receiptFault(
  { result, status }: ProposalDump,
  receipt: ReceiptDump | undefined,
): string | undefined {
  if (receipt === undefined) return `ended as ${status} and has no receipt`;
  if (receipt.status !== status) return `ended as ${status}, and its receipt says ${receipt.status}`;
  return result?.hash === receipt.hash && result.version === receipt.version
    ? undefined
    : `was told as ${result?.hash} at ${result?.version}, and its receipt says ${receipt.hash} at ${receipt.version}`;
}
