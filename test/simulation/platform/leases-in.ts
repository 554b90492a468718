import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { Rehearsal } from '@countersign/protocol/rehearsal';
import type { GuardedUpdateJob } from '@countersign/protocol/writeback-job';

export function jobsIn(reply: Reply): readonly GuardedUpdateJob[] {
  return reply.ok && Array.isArray(reply.body.jobs) ? (reply.body.jobs as GuardedUpdateJob[]) : [];
}

export function rehearsalsIn(reply: Reply | undefined): readonly Rehearsal[] {
  return reply?.ok && Array.isArray(reply.body.rehearsals) ? (reply.body.rehearsals as Rehearsal[]) : [];
}

export function leasesIn(reply: Reply): string[] {
  return jobsIn(reply).map(({ lease_id }) => lease_id);
}

/** The leases in a message down a held poll's socket, which may also be a mere word. */
export function leasesInMessage(text: string): string[] {
  return text.startsWith('{') ? leasesIn(JSON.parse(text) as Reply) : [];
}
