import type { ActionRow } from '../actions-schema.ts';
import { standingOf } from '../proposals/requirement.ts';
import { adviceForAction } from './action-advice.ts';
import type { ActionRequested } from './action-body.ts';
import { hasEnded } from './action-lane.ts';

/** An action as people and agents see it who may see payloads. */
export function actionView(tenant: string, row: ActionRow, body: ActionRequested) {
  const { result, refused } = row;
  return {
    ...actionOutline(tenant, row),
    args: body.args,
    input: body.input,
    reason: body.reason,
    principal: { id: body.principal, source: 'cloud_session' },
    scope: { tenant_id: body.tenant_id },
    effect_digest: row.effect_digest,
    idempotency_key: body.idempotency_key,
    contract: body.contract,
    decisions: row.decisions.map((decision) => ({ ...decision, at: time(decision.at) })),
    cause: row.cause,
    result: result === null ? null : { ...result, at: time(result.at) },
    refused: refused === null ? null : { ...refused, at: time(refused.at) },
  };
}

/** The same without any value, argument, or word that anybody wrote. */
export function actionOutline(tenant: string, row: ActionRow) {
  const { result } = row;
  return {
    action_id: row.action_id,
    project_id: tenant,
    action: row.name,
    provider: row.provider,
    target: row.target,
    status: row.state,
    terminal: hasEnded(row),
    proposed_by: { kind: row.proposer_kind, id: row.proposer_id },
    likely_done: row.likely_done,
    after_proposal: row.after_proposal,
    decided_with: row.decided_with,
    requirements: standingOf(row.requirements, row.decisions),
    decisions: row.decisions.map(({ verdict, name, at }) => ({ verdict, name, at: time(at) })),
    attempts: row.attempt,
    most_attempts: row.most_attempts,
    not_before: time(row.not_before),
    claim:
      row.claim_id === null
        ? null
        : {
            runner_id: row.claim_runner,
            expires_at: time(row.claim_expires_at),
            begun_at: time(row.claim_begun_at),
          },
    unknown_since: time(row.begun_at),
    result:
      result === null
        ? null
        : { outcome: result.result.outcome, code: result.result.code ?? null, at: time(result.at) },
    waiting: adviceForAction(row),
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    expires_at: time(row.expires_at),
    ledger_seq: row.tip_seq,
  };
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
