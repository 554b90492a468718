import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { Activity } from '@countersign/protocol/runner-messages';
import type { Submission } from '../turn/body.ts';

type Json = { readonly [key: string]: unknown };

/** What was read for a proposal: the bundle that it came with, and what runners recorded about it. */
export function evidenceIn(entries: readonly LedgerEntry[]) {
  const submitted = entries.findLast(({ type }) => type === 'proposal.submitted');
  return {
    bundle: submitted === undefined ? null : bundleOf(submitted.body as Submission),
    evidence: entries.filter(({ type }) => type === 'evidence.recorded').map(evidenceOf),
    query_audit_events: entries.filter(({ type }) => type === 'query_audit.recorded').map(queryAuditOf),
  };
}

/** Named by its id and fingerprints; the items are what the proposer chose to show. */
function bundleOf({ change_set, evidence_metadata, query_audit }: Submission) {
  const { bundle_id, query_fingerprint, items } = change_set.evidence;
  return { bundle_id, query_fingerprint, items, metadata: evidence_metadata, query_audit };
}

function evidenceOf(entry: LedgerEntry) {
  const { evidence_ids = [], business_object = null, object_id = null } = entry.body as Activity;
  return { ...common(entry), evidence_ids, business_object, object_id };
}

function queryAuditOf(entry: LedgerEntry) {
  const { query_audit_ids = [] } = entry.body as Activity;
  return { ...common(entry), query_audit_ids };
}

function common({ seq, at, hash, body }: LedgerEntry) {
  const activity = body as Activity;
  const detail: Json = activity.detail ?? {};
  return {
    event_id: activity.event_id,
    runner_id: activity.runner_id,
    source_id: activity.source_id,
    capability: activity.capability ?? null,
    contract_digest: activity.contract_digest ?? null,
    status: activity.status ?? null,
    digests: textsUnder(detail, /(^|_)(digest|hash)(e?s)?$/),
    query_fingerprints: textsUnder(detail, /(^|_)fingerprints?$/),
    /** Of visible fields alone: a report that names a kept-out one is refused. */
    excerpts: excerptsIn(detail),
    occurred_at: activity.occurred_at ?? null,
    recorded_at: at,
    ledger_seq: seq,
    entry_hash: hash,
  };
}

/** Texts, alone or in lists, in members that have such a name, at any depth. */
function textsUnder(value: unknown, name: RegExp): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsUnder(item, name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    name.test(key) ? [member].flat().filter((text) => typeof text === 'string') : textsUnder(member, name),
  );
}

function excerptsIn({ excerpt, excerpts }: Json): Json[] {
  return [excerpt, excerpts].flat().filter(isObject);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
