import { digest } from '@countersign/protocol/canonical-json';
import type { ActionRow } from '../actions-schema.ts';
import { countUp } from '../policies/count-up.ts';
import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import type { Told } from './action-body.ts';
import { hasEnded, laneOfAction } from './action-lane.ts';
import { actionOfSubject } from './action-subject.ts';
import { calm } from './fold-target.ts';
import { mayHaveHappened } from './may-have-happened.ts';
import { whatItTells } from './trouble.ts';

type Change = Partial<Omit<ActionRow, 'lane' | 'rank'>>;

/** The rows of an action, its effect, its order and its target, after an entry about it. */
export function foldAction(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const before = rows.row('actions', actionOfSubject(entry.subject));
  const changed = before === undefined ? begun(tenant, entry) : { ...before, ...changeOf(before, entry) };
  if (changed === undefined) return [];
  const {
    lane: _lane,
    rank: _rank,
    ...row
  } = {
    ...changed,
    updated_at: entry.at,
    tip_seq: entry.seq,
    tip_hash: entry.hash,
  };
  const after = { ...row, ...laneOfAction(row) };
  return [
    { name: 'actions', row: after },
    ...effectOf(tenant, rows, after),
    ...orderOf(tenant, rows, after),
    ...troubleOf(tenant, rows, entry, before, after),
    ...countUp(tenant, rows, entry),
  ];
}

function begun(tenant: string, entry: Placed): ActionRow | undefined {
  if (entry.type !== 'action.requested') return undefined;
  const { body } = entry;
  return {
    tenant,
    action_id: body.action_id,
    seq: entry.seq,
    name: body.action,
    provider: body.provider,
    target: body.target,
    contract_id: body.contract.contract_id,
    state: body.state,
    proposer_kind: entry.actor.kind,
    proposer_id: entry.actor.id,
    principal_id: body.principal,
    effect_digest: body.effect_digest,
    effect_key: body.effect_key,
    order_key: body.order_key,
    is_behind: body.turn === 'behind',
    after_proposal: body.after_proposal,
    decided_with: body.decided_with,
    step_id: body.in_run?.step_id ?? null,
    requirements: [...body.requirements],
    decisions: [],
    cause: body.cause,
    likely_done: body.likely_done,
    created_at: entry.at,
    updated_at: entry.at,
    expires_at: body.expires_at,
    most_attempts: body.most_attempts,
    attempt: 0,
    charged: 0,
    ...(body.state === 'queued' ? letGo(entry) : { queued_at: null, queued_seq: null }),
    not_before: null,
    frozen_by: null,
    ...noClaim,
    begun_at: null,
    result: null,
    refused: null,
    told: [],
    tip_seq: entry.seq,
    tip_hash: entry.hash,
    lane: null,
    rank: null,
  };
}

const noClaim = {
  claim_id: null,
  claim_runner: null,
  claim_credential: null,
  claim_expires_at: null,
  claim_begun_at: null,
} as const;

function changeOf(before: ActionRow, entry: Placed): Change {
  switch (entry.type) {
    case 'action.approval_recorded':
      return {
        requirements: [...entry.body.requirements],
        decisions: [...before.decisions, decisionOf(entry, 'approved')],
      };
    case 'action.approved':
      return {
        state: 'queued',
        ...letGo(entry),
        is_behind: entry.body.turn === 'behind',
        decisions: [...before.decisions, decisionOf(entry, 'approved')],
      };
    case 'action.rejected':
      return { state: 'rejected', decisions: [...before.decisions, decisionOf(entry, 'rejected')] };
    case 'action.canceled':
      return { state: 'canceled', frozen_by: null, cause: entry.body.cause ?? before.cause };
    case 'action.expired':
      return { state: 'expired', frozen_by: null };
    case 'action.released':
      return {
        after_proposal: null,
        ...(before.state === 'queued' ? letGo(entry) : {}),
        is_behind: entry.body.turn === 'behind',
      };
    case 'action.ready':
      return { not_before: null, is_behind: false };
    case 'action.frozen':
      return { frozen_by: entry.body.freeze_id };
    case 'action.thawed':
      return { frozen_by: null };
    case 'action.requeued':
      return {
        state: 'queued',
        charged: 0,
        ...letGo(entry),
        not_before: entry.body.not_before,
        begun_at: entry.body.is_vouched ? null : before.begun_at,
        ...noClaim,
      };
    case 'action.settled':
      return { state: entry.body.outcome, ...noClaim };
    default:
      return claimChange(before, entry);
  }
}

/** What happens while a worker has it. */
function claimChange(before: ActionRow, entry: Placed): Change {
  switch (entry.type) {
    case 'action.claimed': {
      const { attempt, claim_id, credential, expires_at, has_begun, runner_id } = entry.body;
      return {
        state: 'claimed',
        attempt,
        claim_id,
        claim_runner: runner_id,
        claim_credential: credential,
        claim_expires_at: expires_at,
        claim_begun_at: has_begun ? entry.at : null,
      };
    }
    case 'action.begun':
      return { claim_begun_at: entry.at };
    case 'action.returned':
      return {
        state: 'queued',
        not_before: entry.body.not_before,
        // A worker that gives it back has not begun; one that perhaps never got it says nothing.
        begun_at: entry.body.reason === 'not_delivered' ? unknownSince(before) : before.begun_at,
        ...noClaim,
      };
    case 'action.claim_expired':
      return {
        ...placeAfter(before, entry, entry.body.becomes),
        charged: before.charged + 1,
        begun_at: unknownSince(before),
        ...noClaim,
      };
    case 'action.confirmed': {
      const { attempt, becomes, claim_id, not_before, result, runner_id } = entry.body;
      return {
        ...placeAfter(before, entry, becomes),
        charged: before.charged + 1,
        // A worker that says that nothing happened speaks of its own attempt only.
        begun_at: result.outcome === 'unknown' ? (unknownSince(before) ?? entry.at) : before.begun_at,
        not_before,
        result: { claim_id, runner_id, attempt, result, at: entry.at },
        told: withTold(before, toldBy(entry, true)),
        ...noClaim,
      };
    }
    case 'action.confirm_refused': {
      const { claim_id, result, runner_id, at } = entry.body;
      return {
        refused: { claim_id, runner_id, result, at },
        told: withTold(before, toldBy(entry, false)),
      };
    }
    default:
      return {};
  }
}

/** What is tried again keeps its place; what waits for a person stands behind those that did before. */
function placeAfter(
  { queued_seq }: ActionRow,
  { seq }: Placed,
  state: ActionRow['state'],
): Pick<ActionRow, 'state' | 'queued_seq'> {
  return { state, queued_seq: state === 'unknown' || state === 'dead_letter' ? seq : queued_seq };
}

/** Since when nobody knows what came of an attempt, where this one ends without a word. */
function unknownSince({ begun_at, claim_begun_at }: ActionRow): number | null {
  return begun_at ?? claim_begun_at;
}

function decisionOf(
  entry: Extract<Placed, { type: 'action.approval_recorded' | 'action.approved' | 'action.rejected' }>,
  verdict: 'approved' | 'rejected',
): ActionRow['decisions'][number] {
  const { reason, name } = entry.body;
  const approval_roles = 'approval_roles' in entry.body ? [...entry.body.approval_roles] : [];
  const by = `${entry.actor.kind}:${entry.actor.id}`;
  return { verdict, by, name, at: entry.at, reason, approval_roles, effect_digest: entry.body.effect_digest };
}

/** Far more attempts than any contract allows; a worker that says the same for ever must not fill the row. */
const MOST_TOLD = 50;

function withTold({ told }: ActionRow, word: Told): Told[] {
  return [...told, word].slice(-MOST_TOLD);
}

type Word = Extract<Placed, { type: 'action.confirmed' | 'action.confirm_refused' }>;

function toldBy({ actor, body }: Word, is_accepted: boolean): Told {
  const { claim_id, result, runner_id } = body;
  return { claim_id, credential: actor.id, runner_id, digest: digest(result), is_accepted };
}

function letGo({ at, seq }: Placed): Pick<ActionRow, 'queued_at' | 'queued_seq'> {
  return { queued_at: at, queued_seq: seq };
}

/** As many as anybody asks for again and again, before somebody looks. */
const MOST_OF_AN_EFFECT = 20;

/** Which actions may have had an effect: those that were asked for and not held, and those of these that were let go. */
function effectOf(tenant: string, rows: RowReader, row: ActionRow): readonly Put[] {
  const { action_id, effect_key: key } = row;
  const standing = rows.row('effects', key)?.actions ?? [];
  const stands = row.state !== 'held' && mayHaveHappened(row);
  if (standing.includes(action_id) === stands) return [];
  const others = standing.filter((id) => id !== action_id);
  const actions = stands ? [...others, action_id].slice(0, MOST_OF_AN_EFFECT) : others;
  return [{ name: 'effects', row: { tenant, key, actions } }];
}

/** Whose turn it is: whoever was let go first, until they have ended. */
function orderOf(tenant: string, rows: RowReader, row: ActionRow): readonly Put[] {
  const { action_id, order_key: key } = row;
  if (key === null) return [];
  const holder = rows.row('orders', key)?.holder ?? null;
  const isFreed = holder === action_id && hasEnded(row);
  const isTaken = holder === null && takesTurn(row);
  if (!isFreed && !isTaken) return [];
  return [{ name: 'orders', row: { tenant, key, holder: isTaken ? action_id : null } }];
}

function takesTurn({ after_proposal, is_behind, state }: ActionRow): boolean {
  return state === 'queued' && after_proposal === null && !is_behind;
}

/** What a target's row says of its actions: how often in a row it was in trouble, and its dead letters. */
function troubleOf(
  tenant: string,
  rows: RowReader,
  entry: Placed,
  before: ActionRow | undefined,
  after: ActionRow,
): readonly Put[] {
  const standing = rows.row('targets', after.target) ?? calm(tenant, after.target);
  const died = Number(after.state === 'dead_letter') - Number(before?.state === 'dead_letter');
  const changed = {
    failures: failuresAfter(standing.failures, entry),
    dead_letters: standing.dead_letters + died,
    recovers_until: recoversUntil(standing.recovers_until, entry),
  };
  const isSame =
    changed.failures === standing.failures &&
    died === 0 &&
    changed.recovers_until === standing.recovers_until;
  return isSame ? [] : [{ name: 'targets', row: { ...standing, ...changed } }];
}

function failuresAfter(failures: number, entry: Placed): number {
  if (entry.type !== 'action.confirmed') return failures;
  const told = whatItTells(entry.body.result);
  if (told === 'nothing') return failures;
  return told === 'trouble' ? failures + 1 : 0;
}

function recoversUntil(until: number | null, entry: Placed): number | null {
  if (entry.type !== 'action.requeued' || entry.body.is_vouched) return until;
  return Math.max(until ?? 0, entry.body.not_before ?? entry.at);
}
