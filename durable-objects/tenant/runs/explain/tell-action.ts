import {
  type Clause,
  clause,
  numberIn,
  partOf,
  saying,
  sentence,
  type Told,
  textIn,
  who,
} from './sentence.ts';

/** What an entry about an action says; undefined for what only machines need. */
export function tellAction(entry: Told): Clause | undefined {
  const text = textOf(entry);
  return text === undefined ? undefined : clause(entry, sentence(text));
}

function textOf(entry: Told): string | undefined {
  switch (entry.type) {
    case 'action.requested':
      return requested(entry);
    case 'action.approval_recorded':
      return `${who(entry)} approved it, and more approvals were needed${saying(entry, 'reason')}`;
    case 'action.approved':
      return textIn(entry, 'proposal_id') === undefined
        ? `${who(entry)} let it go${saying(entry, 'reason')}`
        : `it was let go with ${textIn(entry, 'name') ?? 'its proposal'}`;
    case 'action.rejected':
      return `${who(entry)} rejected it${saying(entry, 'reason')}`;
    case 'action.canceled':
      return entry.actor.kind === 'system'
        ? `it was dropped: ${textIn(entry, 'reason') ?? 'what it waited for will not come'}`
        : `${who(entry)} took it back${saying(entry, 'reason')}`;
    case 'action.expired':
      return 'nobody let it go in time, and it expired';
    case 'action.released':
      return `${textIn(entry, 'proposal_id') ?? 'the proposal'} was applied, which it had waited for`;
    default:
      return workText(entry);
  }
}

function requested(entry: Told): string {
  const asked = `${who(entry)} asked for ${textIn(entry, 'action') ?? 'an effect'} at ${textIn(entry, 'target') ?? 'a provider'}`;
  const reason = saying(entry, 'reason');
  const likely = textIn(partOf(entry, 'likely_done'), 'action_id');
  if (likely !== undefined) return `${asked}${reason}; it was held, because ${likely} is the same effect`;
  const by = textIn(partOf(entry, 'cause'), 'by')?.replace(':', ' ');
  if (textIn(entry, 'state') === 'queued') {
    return `${asked}${reason}, and it was let go at once${by === undefined ? '' : ` by ${by}`}`;
  }
  return `${asked}${reason}${by === undefined ? '' : `; ${by} sent it to review`}`;
}

function workText(entry: Told): string | undefined {
  switch (entry.type) {
    case 'action.claimed':
      return `${who(entry)} took it (attempt ${numberIn(entry, 'attempt') ?? 1})`;
    case 'action.begun':
      return 'the worker began: from here on only the provider can tell what came of the attempt';
    case 'action.returned':
      return `the worker gave it back before it began (${textIn(entry, 'reason') ?? 'no reason'})`;
    case 'action.claim_expired':
      return lost(textIn(entry, 'becomes'));
    case 'action.confirmed':
      return confirmed(entry, partOf(entry, 'result'));
    case 'action.confirm_refused':
      return 'a worker said too late how its attempt had ended; its word was kept as evidence, and changed nothing';
    case 'action.settled':
      return `${who(entry)} looked at the provider and found that it ${textIn(entry, 'outcome') === 'succeeded' ? 'has happened' : 'has not happened and will not'}${saying(entry, 'reason')}`;
    case 'action.requeued':
      return `${who(entry)} had it tried again under the same key${saying(entry, 'reason')}`;
    default:
      return undefined;
  }
}

function lost(becomes: string | undefined): string {
  if (becomes === 'unknown') {
    return 'the worker was lost after it had begun, and the provider cannot be asked: it may have happened, and it may not';
  }
  const next = becomes === 'dead_letter' ? 'it ran out of attempts' : 'it is tried again under the same key';
  return `the worker was not heard of again; ${next}`;
}

function confirmed(entry: Told, result: Told): string {
  const code = textIn(result, 'code');
  const named = code === undefined ? '' : ` (${code})`;
  switch (textIn(result, 'outcome')) {
    case 'succeeded': {
      const reference = textIn(result, 'reference');
      const done = result.body.was_done === true ? 'the provider had done it already' : 'it was done';
      return `${done}${reference === undefined ? '' : `; the provider calls it ${reference}`}`;
    }
    case 'failed':
      return `the provider refused it for good${named}; nothing happened`;
    case 'retry':
      return textIn(entry, 'becomes') === 'dead_letter'
        ? `it did not work${named}, and it ran out of attempts`
        : `it did not work${named}; it is tried again later`;
    default:
      return `nobody can tell whether it happened${named}: it may have, and it may not. Nothing tries it again before a person has looked`;
  }
}
