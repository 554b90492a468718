import { hasEnded, targetOfLane } from '../actions/action-lane.ts';
import type { ActionRow } from '../actions-schema.ts';
import { queueOf } from '../proposals/lane.ts';
import { actionCameTo, proposalCameTo } from '../runs/came-to.ts';
import type { CameTo } from '../runs/follow-run.ts';
import { stepHasEnded } from '../runs/step-lane.ts';
import type { StepRow } from '../runs-schema.ts';
import type { ProposalRow } from '../schema.ts';
import type { Put } from './keyed-tables.ts';

/**
 * Something that others may have waited for: a proposal that actions are tied to and whose state has changed; an
 * order one of which has ended; a step that has ended; or a proposal or action of a run that has come to something.
 */
export type Ended =
  | { readonly proposal: string }
  | { readonly order: string }
  | { readonly step: string }
  | { readonly linked: string; readonly cameTo: CameTo }
  | Entered;

/** A job, by its proposal, or an action that has come into a queue. */
export type Entered = { readonly job: string } | { readonly action: string };

/** What has ended with a row that was written; `before` is the same row as it was. */
export function endedByRow(put: Put, before: Put['row'] | undefined): readonly Ended[] {
  if (put.name === 'actions') return endedByAction(before as ActionRow | undefined, put.row);
  if (put.name === 'steps') return endedByStep(before as StepRow | undefined, put.row);
  return [];
}

function endedByAction(before: ActionRow | undefined, after: ActionRow): readonly Ended[] {
  const { order_key: order, step_id } = after;
  const cameTo = after.state === before?.state ? undefined : actionCameTo(after);
  const entered = targetOfLane(after.lane) !== undefined && after.lane !== before?.lane;
  return [
    ...(order !== null && hasEnded(after) ? [{ order }] : []),
    ...linked(step_id, cameTo),
    ...(entered ? [{ action: after.action_id }] : []),
  ];
}

function endedByStep(before: StepRow | undefined, after: StepRow): readonly Ended[] {
  const hadEnded = before !== undefined && stepHasEnded(before);
  return stepHasEnded(after) && !hadEnded ? [{ step: after.step_id }] : [];
}

export function endedByProposal(before: ProposalRow | undefined, after: ProposalRow): readonly Ended[] {
  const entered = queueOf(after.lane) !== undefined && after.lane !== before?.lane;
  const job = entered ? [{ job: after.proposal_id }] : [];
  if (after.state === before?.state) return job;
  const tied = after.tied.length > 0 ? [{ proposal: after.proposal_id }] : [];
  return [...tied, ...linked(after.step_id, proposalCameTo(after)), ...job];
}

function linked(stepId: string | null, cameTo: CameTo | undefined): readonly Ended[] {
  return stepId === null || cameTo === undefined ? [] : [{ linked: stepId, cameTo }];
}
