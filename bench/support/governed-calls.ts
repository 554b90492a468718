import type { RequestChange } from '@countersign/protocol/contract-requests';
import type { Rehearsal, RehearsalClaim, RehearsalResult } from '@countersign/protocol/rehearsal';
import type { ClaimedTask } from '@countersign/protocol/run/task';
import { CAPABILITY } from './bench-contract.ts';
import type { HttpConnection } from './http-connection.ts';
import { postJson, tryPost } from './json-call.ts';
import { lateFeeRequest } from './late-fee-request.ts';
import { HANDLER, RUNNER, SOURCE } from './names.ts';

const FEE_CENTS = 5_500;
const VERSION = 7;

interface Proposed {
  readonly status: string;
}

/** What proposes to a governed tenant, and what rehearses there. Each call throws when it is refused. */
export class GovernedCalls {
  readonly #host: string;
  readonly #tokens: Readonly<Record<'service' | 'agent' | 'runner', string>>;
  #made = 0;
  /** How many proposals a policy must have approved by now. */
  approved = 0;

  constructor(host: string, tokens: Readonly<Record<'service' | 'agent' | 'runner', string>>) {
    this.#host = host;
    this.#tokens = tokens;
  }

  /** A complete change set of a service, under a key of its own; throws unless a policy approves it at once. */
  async propose(connection: HttpConnection): Promise<void> {
    const request = lateFeeRequest({ invoice: this.#invoice(), version: VERSION, from: FEE_CENTS, to: 0 });
    const { status } = await this.#ask('service', connection, request);
    if (status !== 'approved') throw new Error(`no policy approved a change set: it is ${status}`);
    this.approved += 1;
  }

  /** An agent names the capability and its arguments, under a key of its own; a rehearsal waits then. */
  async request(connection: HttpConnection, runId?: string): Promise<void> {
    const request: RequestChange = {
      capability: CAPABILITY,
      args: { invoice_id: this.#invoice(), late_fee_cents: 0 },
      reason: 'The customer paid within the grace period.',
      ...(runId === undefined ? {} : { run: { run_id: runId, after: [] } }),
    };
    const { status } = await this.#ask('agent', connection, request);
    if (status !== 'rehearsing') throw new Error(`a request is ${status}`);
  }

  async claimRehearsals(connection: HttpConnection, limit: number): Promise<readonly Rehearsal[]> {
    const claim: RehearsalClaim = { source_id: SOURCE, runner_id: RUNNER, limit, wait_seconds: 0 };
    const { rehearsals } = await postJson<{ rehearsals: Rehearsal[] }>(
      connection,
      { host: this.#host, token: this.#tokens.runner },
      '/v1/rehearsals/claim',
      claim,
    );
    return rehearsals;
  }

  /** Reports what a runner would have seen; a policy approves it then. False: it came too late. */
  async reportRehearsal(connection: HttpConnection, rehearsal: Rehearsal): Promise<boolean> {
    const before = {
      customer_name: 'Northwind Bakery',
      amount_cents: 125_000,
      currency: 'USD',
      status: 'overdue',
      late_fee_cents: FEE_CENTS,
    };
    const result: RehearsalResult = {
      rehearsal_id: rehearsal.rehearsal_id,
      runner_id: RUNNER,
      lease_id: rehearsal.lease_id,
      status: 'done',
      before,
      after: { ...before, ...rehearsal.patch },
      version: VERSION,
      lock_held_ms: 1,
      rehearsed_at: new Date().toISOString(),
    };
    const { status, body } = await tryPost<{ error_code?: string }>(
      connection,
      { host: this.#host, token: this.#tokens.runner },
      `/v1/rehearsals/${rehearsal.rehearsal_id}/result`,
      result,
    );
    if (body.error_code === 'lease_lost') return false;
    if (status !== 200) throw new Error(`a rehearsal's result was answered ${status}: ${body.error_code}`);
    this.approved += 1;
    return true;
  }

  /** An agent begins a run that it drives itself; its id. */
  async beginRun(connection: HttpConnection): Promise<string> {
    const asking = { host: this.#host, token: this.#tokens.agent };
    const { run_id } = await postJson<{ run_id: string }>(connection, asking, '/v1/commands/submit', {
      command: 'fees.review',
      text: 'Look at all late fees of this month.',
    });
    return run_id;
  }

  async addSteps(connection: HttpConnection, runId: string, steps: readonly object[]): Promise<void> {
    const asking = { host: this.#host, token: this.#tokens.agent };
    await postJson(connection, asking, `/v1/runs/${runId}/steps`, { steps });
  }

  async claimTasks(connection: HttpConnection, limit: number): Promise<readonly ClaimedTask[]> {
    const asking = { host: this.#host, token: this.#tokens.runner };
    const claim = { runner_id: RUNNER, handlers: [HANDLER], limit, wait_seconds: 0 };
    return (await postJson<{ tasks: ClaimedTask[] }>(connection, asking, '/v1/tasks/claim', claim)).tasks;
  }

  async completeTask(connection: HttpConnection, { claim_id, task_id }: ClaimedTask): Promise<void> {
    const asking = { host: this.#host, token: this.#tokens.runner };
    const done = { runner_id: RUNNER, claim_id, result: { pages: 1 } };
    await postJson(connection, asking, `/v1/tasks/${task_id}/complete`, done);
  }

  #ask(as: 'service' | 'agent', connection: HttpConnection, request: object): Promise<Proposed> {
    const asking = { host: this.#host, token: this.#tokens[as] };
    const key = `idempotency-key: governed-${process.pid}-${this.#made}\r\n`;
    return postJson<Proposed>(connection, asking, '/v1/proposals', request, key);
  }

  #invoice(): string {
    this.#made += 1;
    return `INV-${this.#made}`;
  }
}
