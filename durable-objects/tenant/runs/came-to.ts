import type { ActionRow } from '../actions-schema.ts';
import type { ProposalRow } from '../schema.ts';
import type { CameTo } from './follow-run.ts';

const proposalEnds: Partial<Record<ProposalRow['state'], CameTo['state']>> = {
  applied: 'succeeded',
  rejected: 'failed',
  conflict: 'failed',
  failed: 'failed',
  canceled: 'canceled',
  expired: 'canceled',
};

/** What a proposal means for its run, once it means anything: while nobody can tell, it means nothing yet. */
export function proposalCameTo(row: ProposalRow): CameTo | undefined {
  const cause = (message: string) => ({ by: `proposal:${row.proposal_id}`, message });
  // What leads to no job is done when it is decided.
  if (row.state === 'approved' && row.job_state === null) {
    return { state: 'succeeded', cause: cause('it was approved, and nothing is written for it') };
  }
  const state = proposalEnds[row.state];
  return state === undefined ? undefined : { state, cause: cause(`the proposal is ${row.state}`) };
}

const actionEnds: Partial<Record<ActionRow['state'], CameTo['state']>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  rejected: 'failed',
  canceled: 'canceled',
  expired: 'canceled',
};

export function actionCameTo(row: ActionRow): CameTo | undefined {
  const state = actionEnds[row.state];
  if (state === undefined) return undefined;
  return { state, cause: { by: `action:${row.action_id}`, message: `the action is ${row.state}` } };
}
