import type { ActionRow } from '../actions-schema.ts';
import { standingOf } from '../proposals/requirement.ts';
import type { Waiting } from '../proposals/waiting-for.ts';
import { approvalsOf } from '../proposals/waiting-for.ts';

/** Why an action waits, as one sentence, and what would move it on. Null for one that has ended. */
export function adviceForAction(row: ActionRow): Waiting | null {
  switch (row.state) {
    case 'held':
      return {
        why: `the same effect was asked for before (${row.likely_done?.action_id ?? ''}, ${row.likely_done?.state ?? ''}), so it is probably done`,
        next: 'look at that one; approve this only if it is to happen twice',
      };
    case 'proposed':
      return row.decided_with === null
        ? { why: `it needs ${neededFor(row)}`, next: `somebody who may decides before ${until(row)}` }
        : { why: `it is decided in one with ${row.decided_with}`, next: 'decide that proposal' };
    case 'queued':
      return queued(row);
    case 'claimed':
      return { why: `the worker ${row.claim_runner ?? ''} is at work on it`, next: 'wait' };
    case 'unknown':
      return {
        why: 'nobody can tell whether it has happened',
        next: `an operator looks at ${row.target} and settles it`,
      };
    case 'dead_letter':
      return {
        why: `it was tried ${row.attempt === 1 ? 'once' : `${row.attempt} times`} in vain${lastCode(row)}`,
        next: 'an operator has it tried again, or settles it',
      };
    default:
      return null;
  }
}

function queued(row: ActionRow): Waiting {
  if (row.after_proposal !== null) {
    return { why: `it waits until ${row.after_proposal} is applied`, next: 'wait' };
  }
  if (row.not_before !== null) {
    const at = new Date(row.not_before).toISOString();
    return { why: `it rests until ${at}${lastCode(row)}`, next: 'wait' };
  }
  if (row.is_behind) return { why: 'another one about the same goes first', next: 'wait' };
  return {
    why: `it waits for a worker for ${row.target}`,
    next: `start a runner that is configured for ${row.target}`,
  };
}

function neededFor(row: ActionRow): string {
  return approvalsOf(standingOf(row.requirements, row.decisions));
}

function lastCode({ result }: ActionRow): string {
  const code = result?.result.code;
  return code === undefined ? '' : ` (${code})`;
}

function until({ expires_at }: ActionRow): string {
  return new Date(expires_at).toISOString();
}
