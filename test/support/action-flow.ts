import type { ActionContract } from '@countersign/protocol/action/action-contract';
import type { ClaimedAction } from '@countersign/protocol/action/action-job';
import { actingContract, EVENTS, MAIL, MAILER, NOTICE, pushRequest, REFUND, TARGET } from './contract.ts';
import { RUNNER } from './flow.ts';
import type { Answer, WireBody } from './http.ts';
import { must } from './must.ts';
import type { Client, TestTenant } from './tenant.ts';

/** What a test of actions needs to have happened. Each step must succeed. */

export const refund = (payment = 'pi_1', cents = 500) => ({ action: REFUND, args: { payment, cents } });
export const notice = (parcel = 'P-1', event = 'held') => ({ action: NOTICE, args: { parcel, event } });
export const mail = (subject = 'Your invoice') => ({ action: MAIL, args: { subject } });

/** Brings the actions of tests into force, or others in their place; returns the tenant. */
export async function letAct<Tenant extends TestTenant>(
  tenant: Tenant,
  actions?: readonly ActionContract[],
): Promise<Tenant> {
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(path, pushRequest(actingContract(actions), { reason: 'a test' })));
  return tenant;
}

export async function intend(client: Client, body: object): Promise<string> {
  return String(must(await client.post('/v1/actions', body)).body.action_id);
}

export async function readAction(client: Client, actionId: string): Promise<WireBody> {
  return must(await client.get(`/v1/actions/${actionId}`)).body;
}

export async function approveAction(client: Client, actionId: string, note?: string): Promise<Answer> {
  const { effect_digest } = await readAction(client, actionId);
  return client.post(`/v1/actions/${actionId}/approve`, {
    effect_digest,
    ...(note === undefined ? {} : { note }),
  });
}

export async function claimActions(client: Client, changes = {}): Promise<readonly ClaimedAction[]> {
  const request = { runner_id: RUNNER, targets: [TARGET, EVENTS, MAILER], limit: 10, ...changes };
  return must(await client.post('/v1/actions/claim', request)).body.actions as readonly ClaimedAction[];
}

export async function claimAction(client: Client, changes = {}): Promise<ClaimedAction> {
  const [action] = await claimActions(client, { limit: 1, ...changes });
  if (action === undefined) throw new TypeError('there was no action to claim');
  return action;
}

type Claim = Pick<ClaimedAction, 'action_id' | 'claim_id'>;

export function confirm(client: Client, claim: Claim, result: object, runnerId = RUNNER): Promise<Answer> {
  return client.post(`/v1/actions/${claim.action_id}/confirm`, {
    runner_id: runnerId,
    claim_id: claim.claim_id,
    result,
  });
}

export const DONE = { outcome: 'succeeded', reference: 're_1' } as const;
export const LATER = { outcome: 'retry', code: 'rate_limited' } as const;
