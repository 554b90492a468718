import { verifyLedger } from '@countersign/protocol/ledger';
import { expect } from 'vitest';
import { CLOCK_START } from '../../support/clocked-protocol.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { readRun } from '../../support/run-flow.ts';
import type { SharedClockedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { Expected } from '../proposal.ts';
import { expectAnswer } from '../real.ts';
import { type Run, RunModel, type Task } from './run-model.ts';

/** The real thing that a run of commands drives: a tenant of its own. */
export class Real {
  readonly tenant: TestTenant;
  readonly #plane: SharedClockedPlane;

  constructor(plane: SharedClockedPlane, tenant: TestTenant) {
    this.#plane = plane;
    this.tenant = tenant;
  }

  async advance(milliseconds: number): Promise<void> {
    await this.#plane.advance(this.tenant, milliseconds);
  }
}

/** What is believed, and which answers were seen. */
export class Belief extends RunModel {
  readonly #seen: Map<string, number>;

  constructor(seen: Map<string, number>) {
    super();
    this.#seen = seen;
  }

  /** The answer to what was asked is the one that the rules give. */
  expect(asked: string, answer: Answer, expected: Expected): void {
    expectAnswer(answer, expected);
    this.note(`${asked}: ${expected.code ?? 'done'}`);
  }

  note(name: string): void {
    this.#seen.set(name, (this.#seen.get(name) ?? 0) + 1);
  }
}

interface ShownStep {
  readonly step_id: string;
  readonly status: string;
  readonly after: readonly string[];
  readonly task: {
    readonly attempts: number;
    readonly not_before: string | null;
    readonly claim: { readonly runner_id: string; readonly expires_at: string } | null;
  };
}

/** Every run and every task of the tenant is as the model believes. */
export async function expectStates(belief: Belief, { tenant }: Real): Promise<void> {
  for (const run of belief.runs) {
    const shown = await readRun(tenant.olivia, run.id);
    const steps = shown.steps as readonly ShownStep[];
    expect([shown.status, ...steps.map(standingOf)]).toEqual([run.state, ...run.tasks.map(believedOf)]);
    belief.note(`a run is ${run.state}`);
  }
}

function standingOf({ after, status, step_id, task }: ShownStep) {
  return [step_id, status, after, task.attempts, task.not_before, task.claim];
}

function believedOf({ attempts, claim, id, parents, restsUntil, state }: Task) {
  const held = claim === null ? null : { runner_id: claim.worker.id, expires_at: time(claim.until) };
  return [id, state, parents.map((parent) => parent.id), attempts, time(restsUntil), held];
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(CLOCK_START + at).toISOString();
}

/** What must be true when all is said: the depths, the chain, and that the ledger folds to just these rows. */
export async function expectRecord(belief: Belief, { tenant }: Real): Promise<void> {
  const count = (isCounted: (task: Task) => boolean) => belief.tasks.filter(isCounted).length;
  const health = must(await tenant.olivia.get('/v1/engine/health')).body;
  expect(health.tasks).toEqual({
    queued: count(({ restsUntil, state }) => state === 'queued' && restsUntil === null),
    held_back: count(({ restsUntil, state }) => state === 'queued' && restsUntil !== null),
    leased: count(({ state }) => state === 'leased'),
    open_runs: belief.runs.filter(({ state }) => state === 'open').length,
  });
  const { entries = [] } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
  expect(entries.length).toBeLessThan(500);
  expect(verifyLedger(tenant.project, entries)).toMatchObject({ ok: true });
  expectOneClaimEach(entries);
  const { body } = must(await tenant.olivia.post('/v1/maintenance/rebuild'));
  expect(body).toMatchObject({ matches: true, differences: [] });
}

const giveUps: readonly string[] = [
  ...['task.returned', 'task.lease_expired', 'task.completed', 'task.failed', 'step.ended'],
];

/** At most one claim of a task stands at a time. */
function expectOneClaimEach(entries: readonly { readonly type: string; readonly body: object }[]): void {
  const standing = new Set<unknown>();
  for (const { body, type } of entries) {
    const id = Object(body).step_id;
    if (giveUps.includes(type)) standing.delete(id);
    if (type !== 'task.claimed') continue;
    expect(standing.has(id), `${id} is claimed twice`).toBe(false);
    standing.add(id);
  }
}

/** A run as it became known with its answer. */
export function named(run: Run, tasks: readonly Task[], ids: readonly string[] | undefined): void {
  expect(ids).toHaveLength(tasks.length);
  for (const [place, task] of tasks.entries()) task.id = ids?.[place] ?? '';
  expect(run.id).not.toBe('');
}
