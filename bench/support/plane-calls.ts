import type { ClaimedJob } from '@countersign/protocol/job/claimed-job';
import type { ClaimAnswer, ClaimRequest, ResultRequest } from '@countersign/protocol/job-requests';
import type { Registration } from '@countersign/protocol/runner-messages';
import { benchContract } from './bench-contract.ts';
import type { HttpConnection } from './http-connection.ts';
import type { lateFeeRequest } from './late-fee-request.ts';
import { RUNNER, SOURCE, TENANT } from './names.ts';

export interface Tokens {
  readonly service: string;
  readonly approver: string;
  readonly runner: string;
}

/** What the bench looks at of `GET /v1/engine/health`. */
export interface Health {
  readonly object: {
    readonly held_polls: number;
    readonly rowsRead: number;
    readonly rowsWritten: number;
    readonly alarmsSet: number;
  };
}

/** The plane's routes, with requests as well-behaved clients send them. Each throws when it is refused. */
export class PlaneCalls {
  readonly #host: string;
  readonly #tokens: Tokens;
  #keys = 0;

  constructor(origin: URL, tokens: Tokens) {
    this.#host = origin.host;
    this.#tokens = tokens;
  }

  /** The runner introduces itself, as each does before it claims. */
  async register(connection: HttpConnection): Promise<void> {
    const registration: Registration = {
      schema_version: 'synapsor.runner-registration.v1',
      runner_id: RUNNER,
      runner_version: '0.1.0',
      engines: ['postgres'],
      capabilities: ['writeback:claim', 'writeback:complete'],
      scope: { project_id: TENANT, source_ids: [SOURCE] },
      registered_at: new Date().toISOString(),
    };
    await this.#post(connection, '/v1/runner/register', this.#tokens.runner, registration);
  }

  /** The contract that everything is proposed under comes into force, as a deployment brings it. */
  async govern(connection: HttpConnection): Promise<void> {
    const push = {
      schema_version: 'synapsor.cloud-contract-push.v0.1',
      contract: benchContract,
      activate: true,
    };
    const path = `/v1/control/projects/${TENANT}/agent-contracts`;
    await this.#post(connection, path, this.#tokens.service, push);
  }

  /** A service proposes under a key of its own; returns the proposal's id. */
  async propose(connection: HttpConnection, request: ReturnType<typeof lateFeeRequest>): Promise<string> {
    const answer: { proposal_id: string } = await this.#post(
      connection,
      '/v1/proposals',
      this.#tokens.service,
      request,
      this.#key(),
    );
    return answer.proposal_id;
  }

  async approve(connection: HttpConnection, proposalId: string): Promise<void> {
    const path = `/v1/proposals/${proposalId}/approve?project_id=${TENANT}`;
    await this.#post(connection, path, this.#tokens.approver, {}, this.#key());
  }

  async claim(connection: HttpConnection, asked: Partial<ClaimRequest>): Promise<readonly ClaimedJob[]> {
    const request = { source_id: SOURCE, runner_id: RUNNER, ...asked };
    const answer: ClaimAnswer = await this.#post(
      connection,
      '/v1/writeback/jobs/claim',
      this.#tokens.runner,
      request,
    );
    return answer.jobs;
  }

  async report(connection: HttpConnection, job: ClaimedJob): Promise<void> {
    const result: ResultRequest = {
      protocol_version: '1.0',
      job_id: job.job_id,
      runner_id: RUNNER,
      lease_id: job.lease_id,
      status: 'applied',
      affected_rows: 1,
      result_version: '8',
      result_hash: job.approval_id,
      completed_at: new Date().toISOString(),
    };
    await this.#post(connection, `/v1/writeback/jobs/${job.job_id}/result`, this.#tokens.runner, result);
  }

  async health(connection: HttpConnection): Promise<Health> {
    const { status, body } = await connection.send(
      this.#head('GET', `/v1/engine/health?project_id=${TENANT}`, this.#tokens.approver),
      '',
    );
    if (status !== 200) throw new Error(`engine health answered ${status}: ${body}`);
    return JSON.parse(body);
  }

  #key(): string {
    this.#keys += 1;
    return `idempotency-key: bench-${process.pid}-${this.#keys}\r\n`;
  }

  async #post(connection: HttpConnection, path: string, token: string, request: object, headers = '') {
    const head = `${this.#head('POST', path, token)}content-type: application/json\r\n${headers}`;
    const { status, body } = await connection.send(head, JSON.stringify(request));
    if (status !== 200 && status !== 201) throw new Error(`${path} answered ${status}: ${body}`);
    return JSON.parse(body);
  }

  #head(method: string, path: string, token: string): string {
    return `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${token}\r\n`;
  }
}
