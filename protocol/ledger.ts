import { canonicalJson, textDigest } from './canonical-json.ts';

/** Everything that can have happened. The names are the wire's where it has one (PROTOCOL 6.2). */
export const entryTypes = [
  'tenant.created',
  'tenant.restored',
  'source.registered',
  'member.added',
  'member.roles_changed',
  'member.removed',
  'invitation.created',
  'invitation.revoked',
  'invitation.accepted',
  'credential.issued',
  'credential.retiring',
  'credential.revoked',
  'bootstrap.exchanged',
  'bootstrap.reopened',
  'claims.saved',
  'cors.allowed',
  'cors.denied',
  'session.revoked',
  'contract.pushed',
  'contract.activated',
  'policy.saved',
  'policy.activated',
  'policy.retired',
  'permissions.saved',
  'permissions.enforced',
  'permissions.relaxed',
  'permissions.unlocked',
  'attempt.refused',
  'proposal.requested',
  'proposal.revised',
  'proposal.answered',
  'proposal.look_asked',
  'proposal.unrehearsed',
  'proposal.sent_back',
  'proposal.refused',
  'rehearsal.leased',
  'rehearsal.reported',
  'rehearsal.missed',
  'proposal.submitted',
  'proposal.approval_recorded',
  'proposal.approved',
  'proposal.rejected',
  'proposal.canceled',
  'proposal.expired',
  'proposal.tied',
  'job.leased',
  'job.released',
  'job.ready',
  'job.lease_expired',
  'job.dead_lettered',
  'job.requeued',
  'job.discarded',
  'job.frozen',
  'job.thawed',
  'writeback.result',
  'writeback.discrepancy',
  'action.requested',
  'action.approval_recorded',
  'action.approved',
  'action.rejected',
  'action.canceled',
  'action.expired',
  'action.released',
  'action.claimed',
  'action.begun',
  'action.returned',
  'action.ready',
  'action.claim_expired',
  'action.confirmed',
  'action.confirm_refused',
  'action.settled',
  'action.requeued',
  'action.frozen',
  'action.thawed',
  'target.opened',
  'target.tried',
  'target.closed',
  'run.started',
  'run.ended',
  'step.added',
  'step.ready',
  'step.ended',
  'task.claimed',
  'task.progressed',
  'task.returned',
  'task.rested',
  'task.lease_expired',
  'task.completed',
  'task.failed',
  'control.saved',
  'control.activated',
  'control.retired',
  'freeze.placed',
  'freeze.scanned',
  'freeze.lifted',
  'freeze.cleared',
  'limit.neared',
  'export.requested',
  'runner.registered',
  'runner.status_changed',
  'runner.drained',
  'runner.undrained',
  'runner.archived',
  'runner.control_taken',
  'evidence.recorded',
  'query_audit.recorded',
  'replay.recorded',
  'worker.diagnostic',
] as const;
export type EntryType = (typeof entryTypes)[number];

export const actorKinds = ['person', 'agent', 'runner', 'service', 'policy', 'system'] as const;
export type ActorKind = (typeof actorKinds)[number];
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string;
}

/**
 * One entry of a tenant's record. Two chains run through it: every entry holds the hash of the one before
 * it in the tenant, and of the one before it about the same subject, so that a subject's history can be
 * exported and verified alone.
 */
export interface LedgerEntry {
  readonly tenant: string;
  readonly seq: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly actor: Actor;
  readonly type: EntryType;
  readonly subject: string;
  readonly body: { readonly [key: string]: unknown };
  readonly prev_hash: string;
  readonly prev_subject_seq: number | null;
  readonly prev_subject_hash: string | null;
  readonly hash: string;
}

/** What stands in `prev_hash` of a tenant's first entry: it ties the chain to its tenant. */
export function genesisHash(tenant: string): string {
  return textDigest(`countersign ledger of ${tenant}`);
}

/** The hash of an entry: over the canonical JSON of everything else in it. */
export function entryHash(entry: Omit<LedgerEntry, 'hash'>): string {
  return entryHashOver(entry, canonicalJson(entry.body));
}

/** The same, for who has the canonical text of the body at hand: it is the long part, and is stored as well. */
export function entryHashOver(entry: Omit<LedgerEntry, 'hash' | 'body'>, bodyText: string): string {
  const { tenant, seq, at, actor, type, subject, prev_hash, prev_subject_seq, prev_subject_hash } = entry;
  const before = canonicalJson({ actor, at }).slice(0, -1);
  const after = canonicalJson({ prev_hash, prev_subject_hash, prev_subject_seq, seq, subject, tenant, type });
  // `body` sorts between `at` and `prev_hash`.
  return textDigest(`${before},"body":${bodyText},${after.slice(1)}`);
}

export type ChainVerdict =
  | { readonly ok: true; readonly entries: number; readonly head_hash: string | null }
  | { readonly ok: false; readonly seq: number; readonly reason: ChainFault };
export type ChainFault =
  | 'edited'
  | 'out_of_sequence'
  | 'chain_broken'
  | 'subject_chain_broken'
  | 'foreign_entry';

/** Verifies a whole tenant's entries from the first one on, both chains. */
export function verifyLedger(tenant: string, entries: Iterable<LedgerEntry>): ChainVerdict {
  let previous: LedgerEntry | undefined;
  let count = 0;
  const tips = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const fault = faultOf(tenant, entry, previous) ?? subjectFaultOf(entry, tips.get(entry.subject));
    if (fault !== undefined) return { ok: false, seq: entry.seq, reason: fault };
    tips.set(entry.subject, entry);
    previous = entry;
    count += 1;
  }
  return { ok: true, entries: count, head_hash: previous?.hash ?? null };
}

/** What an entry about the same subject follows. */
export interface ChainPlace {
  readonly seq: number;
  readonly hash: string;
}

/** Verifies one subject's entries alone, oldest first: from its first one on, or from what comes after `start`. */
export function verifySubject(
  tenant: string,
  subject: string,
  entries: Iterable<LedgerEntry>,
  start?: ChainPlace,
): ChainVerdict {
  let previous = start;
  let count = 0;
  for (const entry of entries) {
    if (entry.tenant !== tenant || entry.subject !== subject)
      return { ok: false, seq: entry.seq, reason: 'foreign_entry' };
    const fault = entryHash(entry) === entry.hash ? subjectFaultOf(entry, previous) : 'edited';
    if (fault !== undefined) return { ok: false, seq: entry.seq, reason: fault };
    previous = entry;
    count += 1;
  }
  return { ok: true, entries: count, head_hash: previous?.hash ?? null };
}

function faultOf(
  tenant: string,
  entry: LedgerEntry,
  previous: LedgerEntry | undefined,
): ChainFault | undefined {
  if (entry.tenant !== tenant) return 'foreign_entry';
  if (entryHash(entry) !== entry.hash) return 'edited';
  if (entry.seq !== (previous?.seq ?? 0) + 1) return 'out_of_sequence';
  return entry.prev_hash === (previous?.hash ?? genesisHash(tenant)) ? undefined : 'chain_broken';
}

function subjectFaultOf(entry: LedgerEntry, previous: ChainPlace | undefined): ChainFault | undefined {
  const isNext =
    entry.prev_subject_seq === (previous?.seq ?? null) &&
    entry.prev_subject_hash === (previous?.hash ?? null);
  return isNext ? undefined : 'subject_chain_broken';
}
