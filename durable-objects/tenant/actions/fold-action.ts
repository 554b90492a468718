import type { ActionRow } from '../actions-schema.ts';
import { countUp } from '../policies/count-up.ts';
import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { hasEnded, laneOfAction } from './action-lane.ts';
import { actionOfSubject } from './action-subject.ts';
import { isTrouble } from './trouble.ts';

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
    ...effectOf(rows, entry, after),
    ...orderOf(tenant, rows, after),
    ...troubleOf(tenant, rows, entry, after),
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
    queued_at: body.state === 'queued' ? entry.at : null,
    not_before: null,
    ...noClaim,
    begun_at: null,
    result: null,
    refused: null,
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
        queued_at: entry.at,
        is_behind: entry.body.turn === 'behind',
        decisions: [...before.decisions, decisionOf(entry, 'approved')],
      };
    case 'action.rejected':
      return { state: 'rejected', decisions: [...before.decisions, decisionOf(entry, 'rejected')] };
    case 'action.canceled':
      return { state: 'canceled', cause: entry.body.cause ?? before.cause };
    case 'action.expired':
      return { state: 'expired' };
    case 'action.released':
      return {
        after_proposal: null,
        queued_at: before.state === 'queued' ? entry.at : null,
        is_behind: entry.body.turn === 'behind',
      };
    case 'action.ready':
      return { not_before: null, is_behind: false };
    case 'action.requeued':
      return {
        state: 'queued',
        charged: 0,
        queued_at: entry.at,
        not_before: entry.body.not_before,
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
      return { state: 'queued', not_before: entry.body.not_before, ...noClaim };
    case 'action.claim_expired':
      return {
        state: entry.body.becomes,
        charged: before.charged + 1,
        begun_at: unknownSince(before),
        ...noClaim,
      };
    case 'action.confirmed': {
      const { attempt, becomes, claim_id, not_before, result, runner_id } = entry.body;
      return {
        state: becomes,
        charged: before.charged + 1,
        // A worker that says that nothing happened speaks of its own attempt only.
        begun_at: result.outcome === 'unknown' ? unknownSince(before) : before.begun_at,
        not_before,
        result: { claim_id, runner_id, attempt, result, at: entry.at },
        ...noClaim,
      };
    }
    case 'action.confirm_refused': {
      const { claim_id, result, runner_id, at } = entry.body;
      return { refused: { claim_id, runner_id, result, at } };
    }
    default:
      return {};
  }
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

/** The first of an effect stands for it, until it has ended without the effect. */
function effectOf(rows: RowReader, entry: Placed, row: ActionRow): readonly Put[] {
  if (entry.type !== 'action.requested' || row.likely_done !== null) return [];
  const { tenant, effect_key: key, action_id } = row;
  const standing = rows.row('effects', key);
  return standing?.action_id === action_id ? [] : [{ name: 'effects', row: { tenant, key, action_id } }];
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

/** How often in a row its target was in trouble. */
function troubleOf(tenant: string, rows: RowReader, entry: Placed, { target }: ActionRow): readonly Put[] {
  if (entry.type !== 'action.confirmed') return [];
  const standing = rows.row('targets', target);
  const failures = isTrouble(entry.body.result) ? (standing?.failures ?? 0) + 1 : 0;
  if (failures === (standing?.failures ?? 0)) return [];
  const none = {
    tenant,
    target,
    state: 'closed' as const,
    until: null,
    rest_ms: 0,
    tip_seq: 0,
    tip_hash: '',
  };
  return [{ name: 'targets', row: { ...none, ...standing, failures } }];
}
