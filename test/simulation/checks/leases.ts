import type { Event } from '@countersign/durable-objects/tenant/turn/event';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { History, LeaseFacts, Violation } from '../history.ts';
import { runnerCredentials } from '../tenant.ts';
import { bySubject } from './chain.ts';

type Leased = Extract<Event, { type: 'job.leased' }>['body'];

/** How often a job's lease may run out: DESIGN 5's attempts. A release costs none. */
const MOST_LAPSES = 5;
const lapses: ReadonlySet<string> = new Set(['job.lease_expired', 'job.dead_lettered']);
const ends: ReadonlySet<string> = new Set([...lapses, 'job.released', 'writeback.result']);

/**
 * One job for each approval, and one lease of it at a time: the next only after the one before was given back,
 * answered, or had run out, by the object's clock and with every renewal that anybody was told of.
 */
export function checkLeases(history: History): Violation[] {
  return [...bySubject(history.entries).values()].flatMap((story) => faultsOf(story, history));
}

function faultsOf(story: readonly LedgerEntry[], history: History): Violation[] {
  const violations: Violation[] = [];
  const fail = (detail: string) =>
    violations.push({ check: 'leases', detail: `${story[0]?.subject}: ${detail}` });
  let approvals = 0;
  let lapsed = 0;
  let current: Leased | undefined;
  for (const { type, body, at, seq, actor } of story) {
    if (type === 'proposal.approved') approvals += 1;
    if (lapses.has(type)) lapsed += 1;
    if (type === 'job.requeued') lapsed = 0;
    if (type === 'job.dead_lettered' && lapsed !== MOST_LAPSES)
      fail(`a dead letter after ${lapsed} lapsed leases`);
    if (type === 'job.leased' && !runnerCredentials.has(actor.id)) fail(`leased at ${seq} to ${actor.id}`);
    if (type === 'job.leased') {
      if (approvals !== 1) fail(`leased at ${seq} after ${approvals} approvals`);
      if (current !== undefined) fail(`leased at ${seq} while ${current.lease_id} was held`);
      current = body as Leased;
    }
    if (current === undefined || !ends.has(type)) continue;
    const facts = history.leases.get(current.lease_id);
    // Without facts it began and ended in one turn.
    if (facts !== undefined && lapses.has(type)) {
      if (Date.parse(at) < facts.until)
        fail(`${current.lease_id} lapsed at ${at}, but was given until ${iso(facts.until)}`);
      if (isOrphan(facts, committedAt(seq, history), history))
        fail(`${current.lease_id} was sent to nobody, and cost an attempt`);
    }
    current = undefined;
  }
  if (approvals > 1) fail(`was approved ${approvals} times`);
  return violations;
}

/** Sent to nobody, though nothing kept its instance from either sending it or giving it back in time. */
function isOrphan(facts: LeaseFacts, lapsedAt: number, { troubled, jolts }: History): boolean {
  if (facts.isSent || !facts.isWellKnown || (troubled.get(facts.instance) ?? lapsedAt) < lapsedAt)
    return false;
  return !jolts.some((at) => at >= facts.since && at <= lapsedAt);
}

/** True time of the batch that wrote an entry. */
function committedAt(seq: number, { commits }: History): number {
  return commits.find(({ seqAfter }) => seqAfter >= seq)?.at ?? 0;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
