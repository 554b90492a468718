import { type ErrorCode, errorCodes } from '@countersign/protocol/error-codes';
import type { ResultRequest } from '@countersign/protocol/job-requests';
import type { JobState, ProposalState } from '@countersign/protocol/proposal-requests';

export type Status = ResultRequest['status'];

/** What a request must be answered with. */
export interface Expected {
  readonly status: number;
  readonly code: ErrorCode | undefined;
}
export const done = (status = 200): Expected => ({ status, code: undefined });
export const refused = (code: ErrorCode): Expected => ({ status: errorCodes[code].status, code });

export interface Result {
  readonly status: Status;
  readonly hash: string;
}

/** So many different people, with this role where one is named. */
export interface Need {
  readonly role: string | null;
  readonly approvals: number;
}

interface Word {
  readonly who: string;
  readonly verdict: 'approved' | 'rejected';
}

/** What an agent asked for: its capability and fee. Undefined for complete change sets. */
export interface Asked {
  readonly capability: string;
  fee: number;
}

/** The newest look at its row. */
export interface Look {
  readonly number: number;
  readonly until: number;
  status: 'asked' | 'leased' | 'over';
  lease: { readonly id: string; readonly runner: string } | null;
}

/** What is true of one proposal and its job. `place` is its sequence among all, `id` its name on the wire. */
export interface Proposal {
  readonly place: number;
  id: string;
  readonly proposer: string;
  readonly asked: Asked | undefined;
  needs: readonly Need[];
  /** What approval asks for: writes, or nothing but a record. */
  isWritable: boolean;
  readonly expiresAt: number;
  state: ProposalState;
  version: number;
  /** Whether there is an exact change, and of which version of the row. */
  seen: number | undefined;
  look: Look | null;
  /** Whether the newest look found a row that is no longer what a complete change set says. */
  hasDrifted: boolean;
  words: Word[];
  job: JobState | null;
  queuedAt: number;
  notBefore: number | null;
  attempt: number;
  charged: number;
  lease: { id: string; runner: string; until: number } | null;
  result: Result | null;
}

export function isUndecided({ state }: Proposal): boolean {
  return state === 'rehearsing' || state === 'pending_review' || state === 'changes_requested';
}

/** Whether a look at its row is asked for or given out. */
export function isLookedAt({ look }: Proposal): boolean {
  return look !== null && look.status !== 'over';
}
