import { jobIdOf } from '@countersign/protocol/ids';
import { system } from '../access/identity.ts';
import { sweepActions } from '../actions/sweep-actions.ts';
import { sweepFreezes } from '../freezes/sweep-freezes.ts';
import { expireProposal } from '../proposals/expire-proposal.ts';
import { isUndecided } from '../proposals/lane.ts';
import { missedRehearsal } from '../rehearsals/missed-rehearsal.ts';
import { sweepRuns } from '../runs/sweep-runs.ts';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';
import type { Outcome } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';

/** How often a job's lease may run out before a person has to look. */
export const MOST_CHARGED_ATTEMPTS = 5;

/**
 * What the clock does: lapsed leases, approvals that nobody gave, rests that are over. A sweep moves the head also
 * when nothing is due: a batch that an older instance still has under way must not land behind its back, with a
 * deadline that no alarm is left for.
 */
export function sweep(world: World, now: number): Outcome {
  const rows = world.due
    .map((seq) => world.proposalAt(seq))
    .filter((row) => row !== undefined)
    // An earlier command of the same turn may have renewed a lease or sent a job to rest.
    .filter(({ rank }) => rank !== null && rank <= now);
  const work = [
    ...rows.flatMap((row) => entriesFor(world, row, now)),
    ...sweepActions(world, now),
    ...sweepFreezes(world, now),
  ];
  const told = new Set(work.map(({ subject }) => subject));
  const entries = [...work, ...sweepRuns(world, now, told)];
  return { reply: answer({ ok: true, swept: entries.length }), entries, volatile: { swept: true } };
}

function entriesFor(world: World, row: ProposalRow, now: number): readonly Draft[] {
  if (isUndecided(row) && row.lane !== 'review') return missedRehearsal(world, row, now);
  const entry = entryFor(row);
  return entry === undefined ? [] : [entry];
}

function entryFor(row: ProposalRow): Draft | undefined {
  if (row.lane === 'review') return expireProposal(row);
  const about = { actor: system.actor, subject: row.proposal_id };
  const job_id = jobIdOf(row.proposal_id);
  if (row.lane === 'later') return { ...about, type: 'job.ready', body: { job_id } };
  if (row.lane !== 'lease' || row.lease_id === null) return undefined;
  const body = { job_id, lease_id: row.lease_id, attempt: row.attempt };
  const isLast = row.charged + 1 >= MOST_CHARGED_ATTEMPTS;
  return { ...about, type: isLast ? 'job.dead_lettered' : 'job.lease_expired', body };
}
