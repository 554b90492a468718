import type { Identity } from '../access/identity.ts';
import { type ActionRow, actions, targets } from '../actions-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import type { RawRow } from '../storage/database.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { Caller, LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { ActionRequested } from './action-body.ts';
import { actionOutline, actionView } from './action-view.ts';

const WITH_BODY =
  `SELECT ${selectList(actions, 'a')}, l.body AS body FROM actions a ` +
  'CROSS JOIN ledger l ON l.tenant = a.tenant AND l.seq = a.seq WHERE a.tenant = ?1';

/** One action, whole. An agent sees its own; another's is as if it did not exist. */
export function readAction(tenant: string, { actionId }: LookOf<'read-action'>): LookPlan {
  return {
    statements: [{ sql: `${WITH_BODY} AND a.action_id = ?2`, params: [tenant, actionId] }],
    answer: ([rows = []], { identity, may }) => {
      const [raw] = rows;
      const row = raw === undefined ? undefined : decodeRow(actions, raw);
      if (raw === undefined || row === undefined || !isSeenBy(row, identity)) {
        return refuse('action_not_found', `there is no action ${actionId}`);
      }
      return answer({ ok: true, ...shown(tenant, row, raw, may('read-payloads')) });
    },
  };
}

/** Actions, newest first: ids sort by age. A page of a filtered list may be short while there is more. */
export function listActions(tenant: string, { query }: LookOf<'list-actions'>, caller: Caller): LookPlan {
  const { cursor, limit, state } = query;
  // What is another agent's is left out before the page is cut: a cursor must not name it.
  const agent = caller.kind === 'agent' ? caller.credentialId : null;
  const sql = `${WITH_BODY} AND a.action_id < ?2 AND (?4 IS NULL OR a.proposer_id = ?4) ORDER BY a.action_id DESC LIMIT ?3`;
  return {
    statements: [{ sql, params: [tenant, cursor ?? '~', limit, agent] }],
    answer: ([rows = []], { identity, may }) => {
      const isWhole = may('read-payloads');
      const found = rows.map((raw) => ({ raw, row: decodeRow(actions, raw) }));
      const list = found
        .filter(({ row }) => isSeenBy(row, identity) && (state === undefined || row.state === state))
        .map(({ raw, row }) => shown(tenant, row, raw, isWhole));
      const next_cursor = rows.length < limit ? null : (found.at(-1)?.row.action_id ?? null);
      return answer({ ok: true, actions: list, next_cursor });
    },
  };
}

/** Accounts at providers that are in trouble or were, and how many dead letters each has. */
export function listTargets(tenant: string): LookPlan {
  const sql = `SELECT ${selectList(targets, 'tg')} FROM targets tg WHERE tg.tenant = ?1 ORDER BY tg.target`;
  return {
    statements: [{ sql, params: [tenant] }],
    answer: ([rows = []]) => {
      const list = rows
        .map((raw) => decodeRow(targets, raw))
        .map(({ dead_letters, failures, state, target, until }) => ({
          target,
          state,
          failures,
          until: until === null ? null : new Date(until).toISOString(),
          dead_letters,
        }));
      return answer({ ok: true, targets: list });
    },
  };
}

function shown(tenant: string, row: ActionRow, { body }: RawRow, isWhole: boolean) {
  if (!isWhole) return actionOutline(tenant, row);
  return actionView(tenant, row, JSON.parse(String(body)) as ActionRequested);
}

function isSeenBy({ proposer_kind, proposer_id }: ActionRow, identity: Identity): boolean {
  return identity.kind !== 'agent' || (proposer_kind === 'agent' && proposer_id === identity.actor.id);
}
