import type { EntryType } from '@countersign/protocol/entry-types';
import { mintId } from '@countersign/protocol/ids';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { Activity } from '@countersign/protocol/runner-messages';
import type { StoredResult } from '../jobs/stored-result.ts';

/** What happened to proposals, and what runners recorded, in the words that existing tools know (PROTOCOL 6.2, step 21). */
export const activityTypes: readonly EntryType[] = [
  'proposal.requested',
  'proposal.revised',
  'proposal.submitted',
  'proposal.sent_back',
  'proposal.answered',
  'proposal.refused',
  'proposal.approval_recorded',
  'proposal.approved',
  'proposal.rejected',
  'proposal.canceled',
  'proposal.expired',
  'job.dead_lettered',
  'job.requeued',
  'job.discarded',
  'writeback.result',
  'writeback.discrepancy',
  'evidence.recorded',
  'query_audit.recorded',
  'replay.recorded',
  'worker.diagnostic',
];

const activity = new Set<EntryType>(activityTypes);

export function isShown({ type }: Pick<LedgerEntry, 'type'>): boolean {
  return activity.has(type);
}

/** What an event says of the proposal that it is about. */
export interface Outline {
  readonly proposal_id: string;
  /** In the words of existing tools. */
  readonly status: string;
  readonly source_id: string;
  readonly capability: string;
  readonly contract_id: string | null;
  readonly contract_version_id: string | null;
  readonly contract_digest: string | null;
  readonly business_object: string | null;
  readonly object_id: string | null;
  readonly tenant_id: string;
  readonly principal: string;
}

const REPLAY = 'replay_';

/** The replay of a proposal is its whole story: there is one. */
export function replayIdOf(proposalId: string): string {
  return `${REPLAY}${proposalId}`;
}

/** The proposal whose replay this is; undefined for a text that is no such id. */
export function proposalIdOfReplay(id: string): string | undefined {
  return id.startsWith(REPLAY) ? id.slice(REPLAY.length) : undefined;
}

/**
 * An entry of the ledger as an event.
 * @param outline of the proposal that it is about, where it is about one
 * @param isWhole whether the caller may see payloads
 */
export function activityEvent(entry: LedgerEntry, outline: Outline | undefined, isWhole: boolean) {
  const told = toldIn(entry);
  const about = { ...told, ...outline };
  return {
    event_id:
      told.event_id ?? mintId('evt', { at: Date.parse(entry.at), seq: entry.seq, tenant: entry.tenant }),
    event_type: entry.type,
    status: about.status ?? null,
    proposal_id: about.proposal_id ?? null,
    source_id: about.source_id ?? null,
    capability: about.capability ?? null,
    contract_id: about.contract_id ?? null,
    contract_version_id: about.contract_version_id ?? null,
    contract_digest: about.contract_digest ?? null,
    business_object: about.business_object ?? null,
    // Whose row it is, and in whose name: no less a payload than what stands in the row.
    object_id: isWhole ? (about.object_id ?? null) : null,
    tenant_id: isWhole ? (about.tenant_id ?? null) : null,
    principal: isWhole ? (about.principal ?? null) : null,
    runner_id: told.runner_id ?? null,
    job_id: told.job_id ?? null,
    receipt_id: told.receipt_id ?? null,
    replay_id: told.replay_id ?? null,
    evidence_ids: told.evidence_ids ?? [],
    query_audit_ids: (told.query_audit_ids ?? []).map(String),
    actor: entry.actor,
    occurred_at: told.occurred_at ?? entry.at,
    recorded_at: entry.at,
    ledger_seq: entry.seq,
    entry_hash: entry.hash,
  };
}
export type ActivityEvent = ReturnType<typeof activityEvent>;

/** What stands in the entry itself: what a runner told, or which result it is. */
type Told = Partial<Omit<Activity, 'proposal_id'>>;

function toldIn(entry: LedgerEntry): Told {
  if (entry.type === 'writeback.result') {
    const { job_id, result } = entry.body as { readonly job_id: string; readonly result: StoredResult };
    const { result_hash: receipt_id, runner_id } = result;
    const replay_id = replayIdOf(entry.subject);
    return { job_id, runner_id, replay_id, ...(receipt_id === null ? {} : { receipt_id }) };
  }
  if (!('event_id' in entry.body)) return {};
  const { proposal_id: _, ...told } = entry.body as Activity;
  return told;
}
