import {
  approveAction,
  claimAction,
  confirm,
  DONE,
  intend,
  LATER,
  letAct,
  mail,
  notice,
  refund,
} from '../../../support/action-flow.ts';
import { snapshot } from '../../../support/backup-flow.ts';
import { pushRequest } from '../../../support/contract.ts';
import {
  approve,
  leaseJob,
  propose,
  queueJob,
  report,
  request,
  requestAndRehearse,
} from '../../../support/flow.ts';
import { must } from '../../../support/must.ts';
import { begin, claimTask, complete, putInForce } from '../../../support/run-flow.ts';
import type { TestTenant } from '../../../support/tenant.ts';

const REASON = 'the upgrade that is to come';
const UNKNOWN = { outcome: 'unknown', code: 'outcome_unknown' } as const;
const ended = [
  { status: 'applied' },
  { status: 'conflict', affected_rows: 0, error_code: 'VERSION_CONFLICT' },
  { status: 'failed', affected_rows: 0, error_code: 'TRANSACTION_FAILED' },
  { status: 'canceled', affected_rows: 0 },
  { status: 'reconciliation_required', affected_rows: 0, intent_id: 'int_1' },
] as const;

/** Work of every kind that a project can have, at every place where it can stand when its plane is stopped. */
export async function fillRecord(tenant: TestTenant): Promise<void> {
  must(await tenant.olivia.post(`/v1/control/projects/${tenant.project}/agent-contracts`, pushRequest()));
  await proposals(tenant);
  await actions(tenant);
  await runs(tenant);
  await people(tenant);
  await snapshot(tenant);
  await afterSnapshot(tenant);
}

async function proposals(tenant: TestTenant): Promise<void> {
  for (const result of ended) must(await report(tenant.runner, await leaseJob(tenant), result));
  must(await tenant.ada.post(`/v1/proposals/${await propose(tenant.service)}/reject`, { reason: REASON }));
  must(await tenant.otto.post(`/v1/proposals/${await propose(tenant.service)}/cancel`));
  await requestAndRehearse(tenant);
  await request(tenant.agent);
  await propose(tenant.service);
  await leaseJob(tenant);
  await queueJob(tenant);
}

async function actions(tenant: TestTenant): Promise<void> {
  const { agent, runner } = await letAct(tenant);
  for (const [intended, outcome] of [
    [notice('P-1'), DONE],
    [notice('P-2'), LATER],
    [mail('one'), UNKNOWN],
  ] as const) {
    await intend(agent, intended);
    must(await confirm(runner, await claimAction(runner), outcome));
  }
  await intend(agent, refund('pi_1'));
  const approved = await intend(agent, refund('pi_2'));
  must(await approveAction(tenant.ada, approved));
  await intend(agent, notice('P-3'));
}

async function runs(tenant: TestTenant): Promise<void> {
  await putInForce(tenant.olivia, 'prompt', 'terse', { text: 'Be brief.' });
  await begin(tenant.agent, { tasks: [{ task: 'echo' }] });
  await complete(tenant.runner, await claimTask(tenant.runner), { result: { said: 'done' } });
  await begin(tenant.agent, { tasks: [{ task: 'echo' }, { task: 'echo' }] });
  await claimTask(tenant.runner);
}

async function people({ adam, olivia, otto }: TestTenant): Promise<void> {
  must(await adam.post('/v1/invitations', { name: 'Newcomer', roles: ['viewer'], approval_roles: [] }));
  const policy = {
    name: 'two-people',
    applies_to: ['*'],
    when: 'true',
    effect: 'ask',
    requires: { approvals: 1 },
  };
  must(await otto.post('/v1/policies', { policy }));
  must(await olivia.post('/v1/freezes', { scope: { kind: 'agent', id: 'crd_otherAgent' }, reason: REASON }));
}

/** What the copy does not have. */
async function afterSnapshot(tenant: TestTenant): Promise<void> {
  await approve(tenant.ada, await propose(tenant.service));
}
