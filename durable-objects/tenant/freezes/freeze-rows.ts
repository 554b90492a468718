import { jobIdOf } from '@countersign/protocol/ids';
import { system } from '../access/identity.ts';
import { actionSubject } from '../actions/action-subject.ts';
import type { ActionRow } from '../actions-schema.ts';
import type { ProposalRow } from '../schema.ts';
import type { Entered } from '../turn/ended.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { freezeOfRow } from './freeze.ts';

/** The entry that takes a queued job out of its queue, where a freeze covers it. */
export function freezeJob(world: World, row: ProposalRow, now: number): Draft | undefined {
  const freeze = freezeOfRow(world, row, now);
  if (freeze === undefined) return undefined;
  const body = { freeze_id: freeze.freeze_id, job_id: jobIdOf(row.proposal_id) };
  return { type: 'job.frozen', actor: system.actor, subject: row.proposal_id, body };
}

/** The same of an action. */
export function freezeAction(world: World, row: ActionRow, now: number): Draft | undefined {
  const freeze = freezeOfRow(world, row, now);
  if (freeze === undefined) return undefined;
  const { action_id } = row;
  const body = { freeze_id: freeze.freeze_id, action_id };
  return { type: 'action.frozen', actor: system.actor, subject: actionSubject(action_id), body };
}

export function thawJob({ frozen_by, proposal_id }: ProposalRow): Draft {
  const body = { freeze_id: frozen_by ?? '', job_id: jobIdOf(proposal_id) };
  return { type: 'job.thawed', actor: system.actor, subject: proposal_id, body };
}

export function thawAction({ action_id, frozen_by }: ActionRow): Draft {
  const body = { freeze_id: frozen_by ?? '', action_id };
  return { type: 'action.thawed', actor: system.actor, subject: actionSubject(action_id), body };
}

/** Whatever enters a queue while a freeze covers it leaves it in the same turn. */
export function* freezeQueued(world: World, entered: Entered, now: number): Generator<Draft> {
  const draft = 'job' in entered ? jobIn(world, entered.job, now) : actionIn(world, entered.action, now);
  if (draft !== undefined) yield draft;
}

function jobIn(world: World, proposalId: string, now: number): Draft | undefined {
  const row = world.proposal(proposalId);
  return row === undefined ? undefined : freezeJob(world, row, now);
}

function actionIn(world: World, actionId: string, now: number): Draft | undefined {
  const row = world.row('actions', actionId);
  return row === undefined ? undefined : freezeAction(world, row, now);
}
