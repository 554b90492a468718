import { digest } from '@countersign/protocol/canonical-json';
import { type LedgerEntry, verifySubject } from '@countersign/protocol/ledger';
import type { StoredResult } from '../jobs/stored-result.ts';
import { ledger } from '../schema.ts';
import type { IndexAccess } from '../search/search-plan.ts';
import { proposalsByIds } from '../storage/read-proposals.ts';
import { selectList } from '../storage/rows.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { ReadActivity } from './activity-asks.ts';
import { isShown, replayIdOf } from './activity-event.ts';
import { evidenceIn } from './evidence-view.ts';
import { findStory, nothingFound, type Story } from './find-story.ts';
import { eventsOf } from './list-activity.ts';
import type { LookContext, LookPlan } from './look.ts';
import { proposalOutline } from './proposal-outline.ts';
import { decodeWhole, jobView, time, type Whole } from './proposal-view.ts';
import { entryOf, stepOf, verifiedStory } from './story.ts';
import { writebackView } from './writeback-view.ts';

/** The form of an exported activity; its digest is that of the canonical JSON of all of it. */
const FORMAT = 'countersign.activity-export.v1';

/**
 * All that is recorded about the proposal that something belongs to, as existing tools read it: a view of its entries
 * in the ledger, whose chain is verified on the way out. An event that is about no proposal is shown alone.
 */
export function readActivity(tenant: string, { id, type }: ReadActivity, access: IndexAccess): LookPlan {
  return {
    statements: [],
    answer: async (_results, context) => {
      const found = await findStory(tenant, id, access, context.head);
      const activity =
        found.story === undefined
          ? await loneEvent(tenant, found.sequences, access, context)
          : await activityOf(tenant, found.story, access, context);
      if (activity === undefined) return nothingFound(id, found);
      if (type === 'read-activity') return answer({ ok: true, ...activity });
      if (found.story === undefined) return refuse('handle_not_found', `no proposal belongs to ${id}`);
      const { entries } = found.story;
      const exported = { format: FORMAT, project_id: tenant, ...activity, entries };
      return answer({ ok: true, export: exported, export_digest: digest(exported) });
    },
  };
}

async function activityOf(
  tenant: string,
  { entries, proposalId }: Story,
  access: IndexAccess,
  { may }: LookContext,
) {
  const [rows] = await access.database.batch([proposalsByIds(tenant, [proposalId], true)]);
  const [raw] = rows?.rows ?? [];
  // Its entries are there, and they make its row.
  if (raw === undefined) throw new TypeError(`${proposalId} has entries and no row`);
  const whole = decodeWhole(raw);
  const { integrity, is_complete } = verifiedStory(tenant, proposalId, entries);
  const isWhole = may('read-payloads');
  return {
    proposal: isWhole ? writebackView(whole) : proposalOutline(tenant, whole),
    events: await eventsOf(tenant, entries.filter(isShown), access, isWhole),
    decisions: decisionsIn(whole, isWhole),
    evidence: isWhole && may('read-evidence') ? evidenceIn(entries) : null,
    receipts: entries.filter(({ type }) => type === 'writeback.result').map(receiptOf),
    replay: { replay_id: replayIdOf(proposalId), is_complete, steps: entries.map(stepOf) },
    job: jobView(whole.row),
    integrity,
  };
}

async function loneEvent(
  tenant: string,
  sequences: readonly number[],
  access: IndexAccess,
  { may }: LookContext,
) {
  const [newest] = sequences;
  if (newest === undefined) return undefined;
  const sql = `SELECT ${selectList(ledger, 'l')} FROM ledger l WHERE l.tenant = ?1 AND l.seq = ?2`;
  const [found] = await access.database.batch([{ sql, params: [tenant, newest] }]);
  const [entry] = (found?.rows ?? []).map(entryOf);
  if (entry === undefined || !isShown(entry)) return undefined;
  const { prev_subject_hash: hash, prev_subject_seq: seq, subject } = entry;
  const before = seq === null || hash === null ? undefined : { seq, hash };
  return {
    proposal: null,
    events: await eventsOf(tenant, [entry], access, may('read-payloads')),
    decisions: [],
    evidence: null,
    receipts: [],
    replay: null,
    job: null,
    integrity: verifySubject(tenant, subject, [entry], before),
  };
}

function decisionsIn({ row }: Whole, isWhole: boolean) {
  return row.decisions.map(({ at, effect_digest, name, reason, verdict }) => ({
    status: verdict,
    decision: verdict,
    actor: name,
    reason: isWhole ? reason : null,
    effect_digest: isWhole ? effect_digest : null,
    decided_at: time(at),
  }));
}

function receiptOf(entry: LedgerEntry) {
  const { job_id, result } = entry.body as { readonly job_id: string; readonly result: StoredResult };
  const { at, lease_id: _, result_hash, ...told } = result;
  return {
    receipt_id: result_hash,
    result_hash,
    job_id,
    ...told,
    reported_at: time(at),
    ledger_seq: entry.seq,
  };
}
