import type { ProposalRow } from '../schema.ts';
import { type Standing, standingOf } from './requirement.ts';

/** Why an open proposal waits, as one sentence, and what would move it on. */
export interface Waiting {
  readonly why: string;
  readonly next: string;
}

/**
 * Null for a proposal that has ended. `showsWords`: whether a reviewer's question is shown. `freezeId`: of the freeze
 * that covers its source, where the asker knows of one.
 */
export function waitingFor(
  row: ProposalRow,
  showsWords = true,
  freezeId: string | null = null,
): Waiting | null {
  switch (row.state) {
    case 'rehearsing':
      return {
        why: 'a runner is to look at the row and try the change',
        next: 'wait; without a runner it goes on soon',
      };
    case 'changes_requested':
      return {
        why: showsWords ? questionOf(row) : 'it was sent back with a question',
        next: 'the proposer answers or revises',
      };
    case 'pending_review':
      return reviewOf(row);
    case 'approved':
      return jobOf(row, freezeId);
    case 'indeterminate':
      return {
        why: 'nobody can tell whether the row was written',
        next: 'an operator settles it with the receipts',
      };
    default:
      return null;
  }
}

function questionOf({ conversation }: ProposalRow): string {
  const question = conversation.findLast(({ kind }) => kind === 'question');
  return question === undefined ? 'it was sent back' : `${question.name} asks: ${question.text}`;
}

function reviewOf(row: ProposalRow): Waiting {
  if (!row.writable && row.rehearsal !== null && row.rehearsal.seq === null) {
    return {
      why: 'nobody has seen the row yet, so there is nothing exact to approve',
      next: 'ask for a fresh look',
    };
  }
  const until = new Date(row.expires_at).toISOString();
  return {
    why: `it needs ${approvalsOf(standingOf(row.requirements, row.decisions))}`,
    next: `somebody who may decides before ${until}`,
  };
}

/** The approvals that are missing, in words. */
export function approvalsOf(standings: readonly Standing[]): string {
  return standings
    .filter(({ approvals, given }) => given < approvals)
    .map(needed)
    .join(' and ');
}

function needed({ role, approvals, given }: Standing): string {
  const who = role === null ? 'anyone who may approve' : role;
  return approvals === 1 ? `an approval of ${who}` : `${approvals} approvals of ${who} (${given} given)`;
}

function frozen(freezeId: string): Waiting {
  return { why: `the freeze ${freezeId} holds its job back`, next: 'an operator lifts the freeze' };
}

function jobOf(row: ProposalRow, freezeId: string | null): Waiting | null {
  switch (row.job_state) {
    case 'queued':
      if (row.frozen_by !== null) return frozen(row.frozen_by);
      if (freezeId !== null) return frozen(freezeId);
      return row.not_before === null
        ? { why: 'its job waits for a runner', next: 'start a runner for the source' }
        : { why: 'its job rests until a runner may try again', next: 'wait' };
    case 'leased':
      return { why: `the runner ${row.lease_runner ?? ''} is at work on it`, next: 'wait' };
    case 'dead_letter':
      return { why: 'its job ran out of attempts', next: 'an operator requeues or discards it' };
    default:
      return null;
  }
}
