import type { RehearsalResult } from '@countersign/protocol/rehearsal';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import { findInForce, type InForce } from '../contracts/in-force.ts';
import { isUndecided } from '../proposals/lane.ts';
import type { ProposalRow } from '../schema.ts';
import type { RehearsalReported } from '../turn/body.ts';
import type { AskOf } from '../turn/command.ts';
import type { Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { afterRehearsal } from './after-rehearsal.ts';
import { driftOf } from './drift.ts';
import { rehearsable } from './rehearsable.ts';
import { readRehearsalId } from './rehearsal-id.ts';

/** What a runner saw. It counts while its lease does; the proposal goes on with it in the same turn. */
export function reportRehearsal(
  world: World,
  { rehearsalId, request }: AskOf<'report-rehearsal'>,
  identity: Identity,
  now: number,
): Outcome {
  const named = readRehearsalId(rehearsalId);
  const row = named === undefined ? undefined : world.proposal(named.proposalId);
  if (named === undefined || row === undefined || request.rehearsal_id !== rehearsalId) {
    return unchanged(refuse('rehearsal_not_found', `there is no rehearsal ${rehearsalId}`));
  }
  const refusal = refusalOf(row, named.number, request, identity, now);
  if (refusal !== undefined) return unchanged(refusal);
  const body = world.body(row.body_seq);
  if (body === undefined || !('capability' in body || 'change_set' in body)) {
    return unchanged(refuse('unavailable', 'the proposal could not be read'));
  }
  const found = findInForce(world, 'change_set' in body ? body.change_set.action : body.capability);
  const foreign = found.ok ? unreviewed(found.inForce, request) : undefined;
  if (foreign !== undefined) {
    return unchanged(refuse('outside_contract', `the column ${foreign} is not one that the contract shows`));
  }
  const looked = 'change_set' in body ? rehearsable(body.change_set) : undefined;
  const report: RehearsalReported = {
    proposal_id: row.proposal_id,
    number: named.number,
    runner_id: request.runner_id,
    credential: identity.actor.id,
    status: request.status,
    // Of a capability that is in force no more nothing is reviewed to be shown.
    before: found.ok ? (request.before ?? null) : null,
    after: found.ok ? (request.after ?? null) : null,
    version: request.version ?? null,
    lock_held_ms: request.lock_held_ms ?? null,
    error_code: request.error_code ?? null,
    rehearsed_at: request.rehearsed_at,
    drift: looked === undefined ? null : driftOf(looked, request),
  };
  const entry: Draft = {
    type: 'rehearsal.reported',
    actor: identity.actor,
    subject: row.proposal_id,
    body: report,
  };
  const next = afterRehearsal(world, row, body, report, now);
  const reply = answer({ ok: true, proposal_id: row.proposal_id, ledger_seq: world.nextSeq });
  return { reply, entries: [entry, ...next] };
}

function refusalOf(
  row: ProposalRow,
  number: number,
  { lease_id, runner_id }: RehearsalResult,
  identity: Identity,
  now: number,
): Reply | undefined {
  const { rehearsal } = row;
  if (!coversSource(identity, row.source_id)) {
    return refuse('source_not_permitted', `this token does not cover the source ${row.source_id}`);
  }
  if (rehearsal === null || rehearsal.number !== number || rehearsal.lease_id !== lease_id) {
    return refuse('lease_unknown', 'this rehearsal was not given to this runner');
  }
  if (rehearsal.runner_id !== runner_id) return refuse('lease_foreign', 'another runner has this rehearsal');
  if (rehearsal.status !== 'leased' || rehearsal.until < now || !isUndecided(row)) {
    return refuse('lease_lost', 'the proposal has gone on without this rehearsal');
  }
  return undefined;
}

/** A column of an answer that no reviewer has agreed to show. */
function unreviewed({ capability }: InForce, { before, after }: RehearsalResult): string | undefined {
  const visible = new Set(capability.visible_fields);
  return [...Object.keys(before ?? {}), ...Object.keys(after ?? {})].find((column) => !visible.has(column));
}
