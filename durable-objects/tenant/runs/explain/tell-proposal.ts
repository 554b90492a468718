import {
  type Clause,
  clause,
  numberIn,
  partOf,
  quoted,
  saying,
  sentence,
  type Told,
  textIn,
  who,
} from './sentence.ts';

/** What an entry about a proposal says; undefined for what only machines need. */
export function tellProposal(entry: Told): Clause | undefined {
  const text = textOf(entry);
  if (text === undefined) return undefined;
  const { body } = entry;
  const receipt =
    entry.type === 'writeback.result' ? textIn(partOf(entry, 'result'), 'result_hash') : undefined;
  const evidence = Array.isArray(body.evidence_ids)
    ? body.evidence_ids.filter((id) => typeof id === 'string')
    : [];
  const links = [...(receipt === undefined ? [] : [receipt]), ...evidence].map((id) => `/v1/replay/${id}`);
  return clause(entry, sentence(text), ...links);
}

function textOf(entry: Told): string | undefined {
  switch (entry.type) {
    case 'proposal.requested':
      return `${who(entry)} asked for ${textIn(entry, 'capability') ?? 'a change'}${saying(entry, 'reason')}`;
    case 'proposal.revised':
      return `${who(entry)} asked for something else in its place${saying(entry, 'reason')}`;
    case 'rehearsal.reported':
      return rehearsed(entry);
    case 'rehearsal.missed':
      return 'no runner looked at the row in time';
    case 'proposal.unrehearsed':
      return `it went to review although nobody had seen the row${because(entry)}`;
    case 'proposal.submitted':
      return `what would be written was fixed, and put to review${because(entry)}`;
    case 'proposal.refused':
      return `it was refused${because(entry)}`;
    case 'proposal.look_asked':
      return `${who(entry)} asked for a fresh look at the row`;
    case 'proposal.sent_back':
      return `${who(entry)} sent it back with a question${saying(entry, 'question')}`;
    case 'proposal.answered':
      return `${who(entry)} answered${saying(entry, 'answer')}`;
    case 'proposal.approval_recorded':
      return `${who(entry)} approved it, and more approvals were needed${saying(entry, 'reason')}`;
    case 'proposal.approved':
      return `${who(entry)} approved it${saying(entry, 'reason')}`;
    case 'proposal.rejected':
      return `${who(entry)} rejected it${saying(entry, 'reason')}`;
    case 'proposal.canceled':
      return `${who(entry)} took it back${saying(entry, 'reason')}`;
    case 'proposal.expired':
      return 'nobody decided in time, and it expired';
    default:
      return jobText(entry);
  }
}

function jobText(entry: Told): string | undefined {
  switch (entry.type) {
    case 'job.leased':
      return `${who(entry)} took it to write it (attempt ${numberIn(entry, 'attempt') ?? 1})`;
    case 'job.released':
      return `the runner gave it back (${textIn(entry, 'reason') ?? 'no reason'}), which costs no attempt`;
    case 'job.lease_expired':
      return 'the runner was not heard of again; the write is tried again under the same key, so that it happens once at most';
    case 'job.dead_lettered':
      return 'it ran out of attempts; nobody tries it again before a person says so';
    case 'job.requeued':
      return `${who(entry)} had it tried again${saying(entry, 'reason')}`;
    case 'job.discarded':
      return `${who(entry)} gave it up${saying(entry, 'reason')}`;
    case 'writeback.result':
      return resultText(partOf(entry, 'result'));
    case 'writeback.discrepancy':
      return 'later a runner reported something else than what is recorded';
    case 'evidence.recorded':
      return 'what was read for it is on record';
    case 'query_audit.recorded':
      return 'the queries that were made for it are on record';
    default:
      return undefined;
  }
}

function rehearsed(entry: Told): string {
  const by = who(entry);
  switch (textIn(entry, 'status')) {
    case 'done':
      return `${by} tried the change on the row and rolled it back`;
    case 'row_not_found':
      return `${by} found no such row within the tenant`;
    case 'refused':
      return `${by} would not try the change (${textIn(entry, 'error_code') ?? 'refused'})`;
    default:
      return `${by} tried the change, and the database would not have it (${textIn(entry, 'error_code') ?? 'failed'})`;
  }
}

/** The rule that put it there. */
function because(entry: Told): string {
  const cause = partOf(entry, 'cause');
  const by = textIn(cause, 'by');
  if (by === undefined) return '';
  const words = quoted(cause, 'message');
  return ` by ${by.replace(':', ' ')}${words === undefined ? '' : `: ${words}`}`;
}

function resultText(result: Told): string {
  const receipt = textIn(result, 'result_hash');
  const named = receipt === undefined ? '' : `, by the receipt ${receipt}`;
  const code = textIn(result, 'error_code');
  switch (textIn(result, 'status')) {
    case 'applied':
      return `the row was written${named}`;
    case 'already_applied':
      return `an earlier attempt had written the row already${named}; nothing was written twice`;
    case 'conflict':
      return `the row had changed since it was looked at, so nothing was written (${code ?? 'conflict'})`;
    case 'reconciliation_required':
      return `nobody can tell whether the row was written (${code ?? 'unknown'}): it may have been, and it may not`;
    case 'canceled':
      return 'the runner did not write it, because it was withdrawn';
    default:
      return `the runner did not write it (${code ?? 'failed'})`;
  }
}
