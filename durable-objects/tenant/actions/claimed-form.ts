import type { ClaimedAction } from '@countersign/protocol/action/action-job';
import type { ActionRow } from '../actions-schema.ts';
import type { World } from '../turn/world.ts';

/** An action as its worker gets it; undefined while what was asked for has not been read. */
export function claimedForm(world: World, row: ActionRow): ClaimedAction | undefined {
  const body = world.body(row.seq);
  if (body === undefined || !('idempotency_key' in body)) return undefined;
  return {
    action_id: row.action_id,
    claim_id: row.claim_id ?? '',
    attempt: row.attempt,
    name: row.name,
    target: row.target,
    provider: row.provider,
    idempotency_key: body.idempotency_key,
    input: body.input,
    first_begun_at: row.begun_at === null ? null : iso(row.begun_at),
    must_begin: row.claim_begun_at === null,
    expires_at: iso(row.claim_expires_at ?? 0),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
