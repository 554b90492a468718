import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../../support/eventually.ts';
import type { Answer } from '../../../support/http.ts';
import type { Client, TestTenant } from '../../../support/tenant.ts';
import { type DrillJob, proposalOf } from '../../stop/stage/drill-jobs.ts';
import type { TrafficFacts } from '../facts.ts';

const LOOPS = 3;
/** As agents do that think before they ask. */
const BETWEEN_MS = 40;
const AGAIN_MS = 100;
const LONGEST_MS = 120_000;

type Part = keyof TrafficFacts['changes'];

/** A program that proposes, an agent that looks, and somebody who approves, until they are told to stop. */
export class Traffic {
  readonly #tenant: TestTenant;
  readonly #waiting: DrillJob[];
  readonly #loops: readonly Promise<void>[];
  readonly #changes = { before: 0, overlap: 0, after: 0 };
  readonly #refused: string[] = [];
  readonly approved: DrillJob[] = [];
  part: Part = 'before';
  /** Whose tokens are sent. */
  clients: Readonly<Record<'agent' | 'service', Client>>;
  readonly #share: number;
  #rounds = 0;
  #requests = 0;
  #unanswered = 0;
  #isOver = false;

  constructor(tenant: TestTenant, jobs: readonly DrillJob[]) {
    this.#tenant = tenant;
    this.clients = { agent: tenant.agent, service: tenant.service };
    this.#waiting = [...jobs];
    this.#share = Math.floor(jobs.length / Object.keys(this.#changes).length);
    this.#loops = Array.from({ length: LOOPS }, () => this.#loop());
  }

  /** Resolves when so many more rounds were made, or somebody was refused. */
  async goesOn(rounds: number): Promise<void> {
    const wanted = this.#rounds + rounds;
    await eventually(
      async () => this.#rounds,
      (count) => count >= wanted || this.#refused.length > 0,
      LONGEST_MS,
    );
  }

  async stop(): Promise<TrafficFacts> {
    this.#isOver = true;
    await Promise.all(this.#loops);
    return {
      requests: this.#requests,
      refused: this.#refused,
      unanswered: this.#unanswered,
      changes: this.#changes,
    };
  }

  async #loop(): Promise<void> {
    while (!this.#isOver) {
      await this.#ask(() => this.clients.agent.get('/v1/proposals?limit=1'));
      // Each part has changes of its own, however long the one before takes.
      const job = this.#changes[this.part] < this.#share ? this.#waiting.shift() : undefined;
      if (job !== undefined) await this.#change(job);
      this.#rounds += 1;
      await pause(BETWEEN_MS);
    }
  }

  async #change(job: DrillJob): Promise<void> {
    const headers = { 'idempotency-key': `drill-${job.row}` };
    const proposed = await this.#ask(() =>
      this.clients.service.post('/v1/proposals', proposalOf(job), { headers }),
    );
    if (proposed === undefined) return;
    const path = `/v1/proposals/${proposed.body.proposal_id}/approve`;
    if ((await this.#ask(() => this.#tenant.ada.post(path, {}, { headers }))) === undefined) return;
    this.approved.push(job);
    this.#changes[this.part] += 1;
  }

  /** The answer; undefined where it was refused, or the drill is over. What nobody answers is asked again. */
  async #ask(request: () => Promise<Answer>): Promise<Answer | undefined> {
    while (!this.#isOver) {
      this.#requests += 1;
      const answer = await request().catch(() => undefined);
      if (answer !== undefined && answer.status < 300) return answer;
      if (answer !== undefined && answer.status !== 503) {
        this.#refused.push(String(answer.body.error_code ?? answer.status));
        return undefined;
      }
      this.#unanswered += 1;
      await pause(AGAIN_MS);
    }
    return undefined;
  }
}
