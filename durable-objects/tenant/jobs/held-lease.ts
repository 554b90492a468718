import { proposalIdOfJob, sequenceOfId } from '@countersign/protocol/ids';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { Event } from '../turn/event.ts';
import { type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';

export type Found =
  | { readonly ok: true; readonly row: ProposalRow }
  | { readonly ok: false; readonly reply: Reply };

/** The proposal whose job this is, when this credential covers its source. */
export function findJob(world: World, jobId: string, identity: Identity): Found {
  const row = world.proposal(proposalIdOfJob(jobId) ?? '');
  if (row === undefined || row.job_state === null || !coversSource(identity, row.source_id)) {
    return { ok: false, reply: refuse('job_not_found', `there is no job ${jobId}`) };
  }
  return { ok: true, row };
}

/** Refuses unless the named lease is the job's current one and this runner's. */
export function refusalOfLease(row: ProposalRow, leaseId: string, runnerId: string): Reply | undefined {
  if (row.job_state !== 'leased') {
    const code =
      row.job_state === 'queued' || row.job_state === 'dead_letter' ? 'lease_lost' : 'job_terminal';
    return refuse(code, `the job is ${row.job_state}`, code === 'lease_lost' ? 'claim again' : undefined);
  }
  if (row.lease_id !== leaseId) return refuse('lease_lost', 'another lease of this job is the current one');
  if (row.lease_runner !== runnerId) return refuse('lease_foreign', 'the lease is held by another runner');
  return undefined;
}

/** Whether this lease was ever given for this job, and to whom: an old one still tells the truth about a write. */
export function leaseHolder(world: World, row: ProposalRow, leaseId: string): string | undefined {
  // A command before this one may have ended the lease in the same turn, for which its entry was not read.
  for (const each of [row, world.proposalBefore(row.seq)])
    if (each?.lease_id === leaseId) return each.lease_runner ?? undefined;
  const entry = world.leaseEntry(sequenceOfId('lse', leaseId, world.tenant) ?? -1);
  if (entry === undefined || entry.type !== 'job.leased' || entry.subject !== row.proposal_id)
    return undefined;
  const body = JSON.parse(entry.body) as Extract<Event, { type: 'job.leased' }>['body'];
  return body.lease_id === leaseId ? body.runner_id : undefined;
}
