import type { ProposalRow } from '../schema.ts';

/** What whoever proposed should know of an end that was not the one they wanted, so that the next proposal is right. */
export interface Advice {
  /** What ended it: a closed code of ours, or of the runner. */
  readonly code: string;
  /** Which rule: `contract`, `policy:<name>`, `rehearsal`, `person:<id>`, `runner:<id>`, `clock`. */
  readonly by: string;
  readonly message: string;
  /** What would pass. */
  readonly next: string;
}

const AGAIN = 'ask for the capability again: the change is then made from the row as it is now';

/** Null for a proposal that is open, or that ended well. */
export function adviceFor(row: ProposalRow): Advice | null {
  switch (row.state) {
    case 'rejected':
      return rejected(row);
    case 'expired':
      return {
        code: 'proposal_expired',
        by: 'clock',
        message: `nobody decided before ${new Date(row.expires_at).toISOString()}`,
        next: 'propose it again, with more time or when somebody can decide',
      };
    case 'conflict':
      return fromRunner(row, 'the row was changed, or is gone, since it was looked at', AGAIN);
    case 'failed':
      return fromRunner(
        row,
        'the database or the runner did not take the change',
        'mend what the code names, then propose again',
      );
    default:
      return null;
  }
}

function rejected({ cause, decisions }: ProposalRow): Advice {
  if (cause?.code !== undefined) {
    const { code, by, message, next } = cause;
    return { code, by, message, next: next ?? 'propose what the rule allows' };
  }
  const last = decisions.findLast(({ verdict }) => verdict === 'rejected');
  return {
    code: 'rejected',
    by: last?.by ?? 'person',
    message: last?.reason ?? 'no reason was given',
    next: 'propose something that answers the reason',
  };
}

function fromRunner({ result }: ProposalRow, message: string, next: string): Advice {
  return {
    code: result?.error_code ?? result?.status ?? 'failed',
    by: `runner:${result?.runner_id ?? ''}`,
    message,
    next,
  };
}
