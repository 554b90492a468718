import type { ActionRow } from '../actions-schema.ts';
import { combineRequirements, type Requirement } from '../proposals/requirement.ts';
import { type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { findAction } from './find-action.ts';
import { governAction } from './govern-action.ts';

export type ActionLaw =
  | { readonly ok: true; readonly requirements: readonly Requirement[] }
  | { readonly ok: false; readonly reply: Reply };

/** The contract must still be in force, and policies may have come that refuse it, or ask for more. */
export function actionLaw(world: World, row: ActionRow, now: number): ActionLaw {
  const found = findAction(world, row.name);
  const body = world.body(row.seq);
  if (body === undefined || !('idempotency_key' in body)) {
    return { ok: false, reply: refuse('unavailable', 'the action could not be read') };
  }
  if (!found.ok || found.inForce.reference.digest !== body.contract.digest) {
    const message = 'the contract that this was asked for under is in force no more';
    return { ok: false, reply: refuse('contract_not_active', message, 'it must be asked for again') };
  }
  const agent = { actor: { kind: row.proposer_kind, id: row.proposer_id }, name: body.agent };
  const governed = governAction(world, found.inForce, body, agent, now);
  if (governed.kind === 'refused') {
    const { message } = governed.cause;
    return { ok: false, reply: refuse('refused_by_policy', message, 'the policy must change first') };
  }
  const more = governed.kind === 'review' ? governed.requirements : [];
  return { ok: true, requirements: combineRequirements(row.requirements, more) };
}
