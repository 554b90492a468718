import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { Dump, ProposalDump, Violation } from './dump.ts';

/** What ends a lease in the ledger. */
const endings: ReadonlySet<string> = new Set([
  'writeback.result',
  'job.released',
  'job.lease_expired',
  'job.dead_lettered',
]);

/** No job is held or waits, no lease was given while another one stood, and none after the job had ended. */
export function checkLeasesEnded({ ledger, proposals }: Dump): Violation[] {
  const stories = Map.groupBy(ledger, ({ subject }) => subject);
  return proposals.flatMap((proposal) => {
    const faults = [openFault(proposal), storyFault(stories.get(proposal.proposalId) ?? [])];
    return faults
      .filter((fault) => fault !== undefined)
      .map((fault) => ({ check: 'leases-ended', detail: `${proposal.proposalId} ${fault}` }));
  });
}

const open: ReadonlySet<string> = new Set(['queued', 'leased', 'dead_letter']);

function openFault({ job }: ProposalDump): string | undefined {
  if (job === null) return undefined;
  if (open.has(job.status)) return `has a job that is still ${job.status}`;
  return job.leaseExpiresAt === null
    ? undefined
    : `ended with a lease that stands until ${job.leaseExpiresAt}`;
}

function storyFault(story: readonly LedgerEntry[]): string | undefined {
  let held: unknown;
  let hasEnded = false;
  for (const { body, seq, type } of story) {
    if (type === 'job.leased') {
      if (held !== undefined) return `was leased again at ${seq} while ${held} stood`;
      if (hasEnded) return `was leased at ${seq}, after it had ended`;
      held = body.lease_id;
    } else if (endings.has(type)) {
      held = undefined;
      hasEnded ||= type === 'writeback.result';
    }
  }
  return held === undefined ? undefined : `was leased as ${held}, and nothing ended that`;
}
