import type { LedgerEntry } from '@countersign/protocol/ledger';
import { verifyLedger } from '@countersign/protocol/ledger';
import { expect } from 'vitest';
import { CLOCK_START } from '../support/clock-start.ts';
import { must } from '../support/flow.ts';
import type { Answer } from '../support/http.ts';
import type { ClockedPlane } from '../support/plane.ts';
import type { TestTenant } from '../support/tenant.ts';
import { type Expected, Model } from './model.ts';
import { RunnerModel } from './runner-model.ts';
import type { Taken } from './transitions.ts';

/** The real thing that a run drives: a tenant of its own. */
export interface Real {
  readonly plane: ClockedPlane;
  readonly tenant: TestTenant;
}

/** What a run believes: the model of the proposals, and of the two runners. */
export class Belief extends Model {
  readonly runners: Readonly<Record<'r1' | 'r2', RunnerModel>>;

  constructor(taken: Taken) {
    super(taken);
    this.runners = { r1: new RunnerModel('r1', taken), r2: new RunnerModel('r2', taken) };
  }
}

/** The answer has the status and the code that the model says. */
export function expectAnswer({ status, body, text }: Answer, expected: Expected): void {
  expect({ status, code: body.error_code }, text).toEqual(expected);
}

/** Every proposal of the tenant is as the model believes. */
export async function expectStates(belief: Belief, { plane, tenant }: Real): Promise<void> {
  const believed = belief.proposals.map(({ id, state, job, attempt, charged, notBefore }) => [
    id,
    state,
    job,
    attempt,
    charged,
    notBefore === null ? null : CLOCK_START + notBefore,
  ]);
  expect(await plane.states(tenant)).toEqual(believed);
}

/** The list shows every proposal, newest first, as existing tools read it. */
async function expectList(belief: Belief, { tenant }: Real): Promise<void> {
  const { body } = must(await tenant.olivia.get('/v1/control/external-writebacks/proposals?limit=500'));
  const shown = body.proposals?.map(({ proposal_id, status, job }) => [
    proposal_id,
    status,
    job?.status ?? null,
  ]);
  const believed = belief.proposals
    .map(({ id, state, job }) => [id, state === 'expired' ? 'canceled' : state, job])
    .reverse();
  expect(shown).toEqual(believed);
}

/** What must be true when a run has ended: the depths, the runners, and both chains of the ledger. */
export async function expectRecord(belief: Belief, real: Real): Promise<void> {
  await expectList(belief, real);
  const { tenant } = real;
  const count = (isCounted: (proposal: Belief['proposals'][number]) => boolean) =>
    belief.proposals.filter(isCounted).length;
  const health = must(await tenant.olivia.get('/v1/engine/health')).body;
  expect(health.depths).toEqual({
    pending_review: count(({ state }) => state === 'pending_review'),
    queued: count(({ job, notBefore }) => job === 'queued' && notBefore === null),
    held_back: count(({ notBefore }) => notBefore !== null),
    leased: count(({ job }) => job === 'leased'),
    dead_letter: count(({ job }) => job === 'dead_letter'),
  });
  const entries: LedgerEntry[] = [];
  for (let cursor: string | null | undefined = '0'; cursor !== null && cursor !== undefined; ) {
    const page: Answer = must(await tenant.audra.get(`/v1/ledger?limit=500&cursor=${cursor}`));
    entries.push(...(page.body.entries ?? []));
    cursor = page.body.next_cursor;
  }
  const { seq, hash } = Object(health.ledger);
  expect(verifyLedger(tenant.project, entries)).toEqual({ ok: true, entries: seq, head_hash: hash });
}
