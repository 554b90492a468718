import { writtenRows } from '@countersign/protocol/change-set/written-rows';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { Activity } from '@countersign/protocol/runner-messages';
import type { StoredResult } from '../jobs/stored-result.ts';
import type { Placed } from '../turn/event.ts';

export const searchKinds = ['proposal', 'evidence', 'receipt'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** What of an entry can be found. */
export interface Searchable {
  readonly kind: SearchKind;
  /** What any member may see: ids, names of capabilities and deciders, states. Never a value of a row or a reason. */
  readonly open: string;
  /** The rest: arguments, values before and after, reasons, questions, excerpts. */
  readonly payload: string;
  /** Other ids by which somebody may ask for it. */
  readonly handles: readonly string[];
}

/** What of an entry can be found; undefined for one that is no proposal, evidence or receipt. */
export function searchableOf(entry: LedgerEntry): Searchable | undefined {
  const event = { type: entry.type, body: entry.body } as Pick<Placed, 'type' | 'body'> as Placed;
  const found = partsOf(event);
  if (found === undefined) return undefined;
  const { kind, open, payload, handles = [] } = found;
  return {
    kind,
    open: textOf([entry.subject, entry.type, ...open]),
    payload: textOf(payload),
    handles: [...new Set(handles.filter(isText))].filter((handle) => handle !== ''),
  };
}

interface Parts {
  readonly kind: SearchKind;
  readonly open: readonly unknown[];
  readonly payload: readonly unknown[];
  readonly handles?: readonly (string | null | undefined)[];
}

function partsOf(event: Placed): Parts | undefined {
  switch (event.type) {
    case 'proposal.requested':
    case 'proposal.revised': {
      const { capability, source_id, contract, effect_digest } = event.body;
      const { args, patch, principal, tenant_id, object_id, agent, reason } = event.body;
      return {
        kind: 'proposal',
        open: [capability, source_id, contract.contract_id, contract.contract_version_id],
        payload: [args, patch, principal, tenant_id, object_id, agent, reason],
        handles: [effect_digest],
      };
    }
    case 'proposal.submitted': {
      const { change_set, source_id, contract, effect_digest } = event.body;
      const { action, scope, patch, principal, evidence, integrity } = change_set;
      const rows = writtenRows(change_set).map(({ key, before, after }) => [key, before, after]);
      const { reason, evidence_metadata, query_audit, requested, runner_id } = event.body;
      return {
        kind: 'proposal',
        open: [
          action,
          source_id,
          scope.business_object,
          contract?.contract_id,
          contract?.contract_version_id,
          runner_id,
        ],
        payload: [
          [scope.tenant_id, scope.object_id, principal.id, reason],
          [rows, patch, requested?.args, requested?.agent],
          [evidence, evidence_metadata, query_audit],
        ],
        handles: [effect_digest, integrity.proposal_hash, evidence.bundle_id],
      };
    }
    case 'rehearsal.reported': {
      const { runner_id, status, error_code, before, after, version } = event.body;
      return { kind: 'proposal', open: [status, runner_id, error_code], payload: [before, after, version] };
    }
    case 'proposal.approval_recorded':
    case 'proposal.approved':
    case 'proposal.rejected':
    case 'proposal.canceled':
      return { kind: 'proposal', open: [event.body.name], payload: [event.body.reason] };
    case 'proposal.sent_back':
      return {
        kind: 'proposal',
        open: [event.body.name],
        payload: [event.body.reason, event.body.question],
      };
    case 'proposal.answered':
      return { kind: 'proposal', open: [], payload: [event.body.name, event.body.answer] };
    case 'proposal.refused': {
      const { by, code, message, next } = event.body.cause;
      return { kind: 'proposal', open: [by, code], payload: [message, next] };
    }
    case 'proposal.expired':
      return { kind: 'proposal', open: [], payload: [] };
    case 'writeback.result':
      return receiptOf(event.body.job_id, event.body.result);
    case 'writeback.discrepancy':
      return receiptOf(event.body.job_id, event.body.reported);
    case 'evidence.recorded':
    case 'query_audit.recorded':
    case 'replay.recorded':
    case 'worker.diagnostic':
      return evidenceOf(event.body);
    default:
      return undefined;
  }
}

function receiptOf(jobId: string, result: StoredResult): Parts {
  const { status, runner_id, result_hash, error_code, intent_id, result_version } = result;
  return {
    kind: 'receipt',
    open: [jobId, status, runner_id, result_hash, error_code, intent_id],
    payload: [result_version],
    handles: [result_hash, intent_id],
  };
}

function evidenceOf(activity: Activity): Parts {
  const { event_id, runner_id, source_id, capability, business_object, status, receipt_id, replay_id } =
    activity;
  const { proposal_id, job_id, contract_id, contract_version_id, workflow } = activity;
  const { evidence_ids = [], query_audit_ids = [], principal, tenant_id, object_id, detail } = activity;
  return {
    kind: 'evidence',
    open: [
      [event_id, runner_id, source_id, proposal_id, job_id, contract_id, contract_version_id],
      [capability, workflow, business_object, status, receipt_id, replay_id, evidence_ids, query_audit_ids],
    ],
    payload: [principal, tenant_id, object_id, detail],
    // A number is unique in one runner's store at most.
    handles: [event_id, receipt_id, replay_id, ...evidence_ids, ...query_audit_ids.filter(isText)],
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Characters. What lies beyond is not found by its words; a change set has no more than that in all but odd cases. */
const LONGEST = 100_000;

/** All names and values as one text. Control characters mark the words of a snippet, so none may be in it. */
function textOf(value: unknown): string {
  const words: string[] = [];
  gather(value, words);
  return words
    .join(' ')
    .slice(0, LONGEST)
    .replace(/[\u0000-\u001f\u007f]/g, ' ')
    .trim();
}

function gather(value: unknown, words: string[]): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) for (const item of value) gather(item, words);
  else if (typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) {
      words.push(name);
      gather(member, words);
    }
  } else words.push(String(value));
}
