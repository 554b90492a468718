import { type ActionWorkerApi, createActionWorkerApi } from '@countersign/client/action-worker-api';
import { createCallApi } from '@countersign/client/call-api';
import { createCredentialsApi } from '@countersign/client/credentials-api';
import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import { ACME } from '../../../scripts/stack/acme.ts';
import { acmeContract } from '../../../scripts/stack/acme-contract.ts';
import type { Cast } from '../../../scripts/story/people.ts';

export const REFUND = 'payments.refund';
export const PAYMENTS = 'payments';
const RUNNER = 'payments-worker';
const WAIT_S = 20;

/** One attempt, so that what comes to nothing is a dead letter at once; nobody could tell what came of a command. */
const refund = {
  name: REFUND,
  description: 'Give money back',
  context: 'support',
  provider: 'command',
  target: PAYMENTS,
  args: {
    payment: { type: 'string', max_length: 64 },
    amount_cents: { type: 'number', minimum: 1, maximum: 100_000 },
    note: { type: 'string', max_length: 400 },
  },
  input: {
    payment: { from_arg: 'payment' },
    amount_cents: { from_arg: 'amount_cents' },
    note: { from_arg: 'note' },
  },
  business_key: ['payment'],
  approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 1 },
  most_attempts: 1,
} as const;

/** An account at a provider that no runner of the stack acts on: what becomes of its actions is the test's to say. */
export class Payments {
  readonly #cast: Cast;
  readonly #worker: ActionWorkerApi;

  private constructor(cast: Cast, worker: ActionWorkerApi) {
    this.#cast = cast;
    this.#worker = worker;
  }

  static async open(cast: Cast): Promise<Payments> {
    const contract = acmeContract(cast.sourceId);
    const actions = [...(contract['x-cloud-actions'] ?? []), refund];
    await cast.contracts.push({
      contract: { ...contract, 'x-cloud-actions': actions },
      activate: true,
      reason: 'refunds as well',
    });
    const credentials = createCredentialsApi(createCallApi(cast.ownerConnection), ACME.project_id);
    const issued = await credentials.createRunnerToken(
      { name: RUNNER, source_ids: [], targets: [PAYMENTS] },
      { idempotencyKey: crypto.randomUUID() },
    );
    if (!issued.secret_available) throw new TypeError('the token was shown before');
    const { runner_token } = issued;
    const worker = createActionWorkerApi({
      url: cast.stack.url,
      token: () => runner_token,
      userAgent: 'countersign-test',
    });
    return new Payments(cast, worker);
  }

  /** A refund that the agent asks for; it waits for a decision. */
  async asked(payment: string, note = 'the parcel was lost', amount_cents = 2_500): Promise<string> {
    const intent = {
      action: REFUND,
      args: { payment, amount_cents, note },
      reason: `about ${payment}`,
    };
    return (await this.#cast.acting.request(intent)).action_id;
  }

  async letGo(id: string): Promise<void> {
    const { effect_digest } = await this.#cast.actingApprover.read(id);
    await this.#cast.actingApprover.approve(id, String(effect_digest));
  }

  /** Takes what waits for a worker, says that it begins, and how it ended. */
  async ends(result: ActionOutcome): Promise<void> {
    const claimed = await this.#worker.claim({
      runner_id: RUNNER,
      targets: [PAYMENTS],
      limit: 1,
      lease_seconds: 60,
      wait_seconds: WAIT_S,
    });
    const [job] = claimed.actions;
    if (typeof job !== 'object' || job === null || !('action_id' in job) || !('claim_id' in job))
      throw new TypeError('no action waits for a worker');
    const claim = { runner_id: RUNNER, claim_id: String(job.claim_id) };
    await this.#worker.begin(String(job.action_id), claim);
    await this.#worker.confirm(String(job.action_id), { ...claim, result });
  }

  /** One of which nobody can tell whether it has happened. */
  async unknown(payment: string): Promise<string> {
    const id = await this.asked(payment);
    await this.letGo(id);
    await this.ends({ outcome: 'unknown', code: 'timed_out' });
    return id;
  }

  /** One that came to nothing as often as it may. */
  async dead(payment: string): Promise<string> {
    const id = await this.asked(payment);
    await this.letGo(id);
    await this.ends({ outcome: 'retry', code: 'provider_down' });
    return id;
  }
}
