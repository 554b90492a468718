import { setTimeout as pause } from 'node:timers/promises';
import { proposal } from '../../../support/change-set.ts';
import type { Answer } from '../../../support/http.ts';
import type { Client, TestTenant } from '../../../support/tenant.ts';
import { type DrillJob, proposalOf } from '../../stop/stage/drill-jobs.ts';
import type { Refusals } from '../facts.ts';

/** Below every limit: what is looked for is what an upgrade does. */
const PACE_MS = 40;
const AGAIN_AFTER_MS = 100;

/** People and services at work: they send the same again until they are answered, under the same key. */
export class Traffic {
  /** Proposals that were acknowledged, by their tenants. */
  readonly acknowledged = new Map<string, string[]>();
  /** Jobs whose approval was acknowledged, by their proposals. */
  readonly approved = new Map<string, DrillJob>();
  readonly #others: string[] = [];
  readonly #done: Promise<unknown>;
  #asked = 0;
  #passing = 0;
  #broken = 0;
  #isOver = false;
  #isAbandoned = false;

  /** @param jobs whose changes are proposed and approved, one after another; there must be enough of them */
  constructor(drilled: TestTenant, jobs: readonly DrillJob[], others: readonly TestTenant[]) {
    this.#done = Promise.all([this.#approveAll(drilled, jobs), ...others.map((one) => this.#proposeOn(one))]);
  }

  get refusals(): Refusals {
    return { asked: this.#asked, passing: this.#passing, broken: this.#broken, others: this.#others };
  }

  /** Ends when whatever was begun is answered. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  /** Ends it where nobody may be there to answer; what that came to is for nobody to judge. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    this.#isOver = true;
    await this.#done;
  }

  async #approveAll(tenant: TestTenant, jobs: readonly DrillJob[]): Promise<void> {
    for (const [place, job] of jobs.entries()) {
      if (this.#isOver) return;
      const id = await this.#propose(tenant, proposalOf(job), place);
      if (id === undefined) continue;
      const path = `/v1/proposals/${id}/approve`;
      if ((await this.#ask(tenant.ada, path, {}, `approve-${place}`)) !== undefined)
        this.approved.set(id, job);
      await pause(PACE_MS);
    }
    if (!this.#isOver) throw new RangeError('there is nothing left to propose');
  }

  async #proposeOn(tenant: TestTenant): Promise<void> {
    for (let place = 0; !this.#isOver; place += 1) {
      await this.#propose(tenant, proposal(), place);
      await pause(PACE_MS);
    }
  }

  async #propose({ project, service }: TestTenant, body: object, place: number): Promise<string | undefined> {
    const answer = await this.#ask(service, '/v1/proposals', body, `propose-${place}`);
    if (answer === undefined) return undefined;
    const id = String(answer.body.proposal_id);
    this.acknowledged.set(project, [...(this.acknowledged.get(project) ?? []), id]);
    return id;
  }

  /** Undefined where the answer was neither good nor one that asks to be asked again, or there was none in the end. */
  async #ask(client: Client, path: string, body: object, key: string): Promise<Answer | undefined> {
    this.#asked += 1;
    while (!this.#isAbandoned) {
      try {
        const answer = await client.post(path, body, { headers: { 'idempotency-key': key } });
        if (answer.status < 300) return answer;
        if (answer.status !== 503) {
          this.#others.push(`${path}: ${answer.status} ${answer.body.error_code}`);
          return undefined;
        }
        this.#passing += 1;
      } catch {
        this.#broken += 1;
      }
      await pause(AGAIN_AFTER_MS);
    }
    return undefined;
  }
}
