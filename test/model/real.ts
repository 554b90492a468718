import type { LedgerEntry } from '@countersign/protocol/ledger';
import { verifyLedger } from '@countersign/protocol/ledger';
import { expect } from 'vitest';
import { CLOCK_START, STATES_HEADER, type Standing } from '../support/clocked-protocol.ts';
import type { Answer } from '../support/http.ts';
import { must } from '../support/must.ts';
import type { SharedClockedPlane } from '../support/shared-planes.ts';
import { type Client, everybody, type TestTenant, type Who } from '../support/tenant.ts';
import { Model } from './model.ts';
import { type Expected, isLookedAt, isUndecided, type Proposal } from './proposal.ts';
import { RunnerModel } from './runner-model.ts';
import type { Taken } from './transitions.ts';

type Clients = Readonly<Record<Who, Client>>;

/** The real thing that a run drives: a tenant of its own, which says with every answer where its proposals stand. */
export class Real {
  readonly project: string;
  readonly tenant: Clients;
  readonly #plane: SharedClockedPlane;
  #states: readonly Standing[] = [];

  constructor(plane: SharedClockedPlane, tenant: TestTenant) {
    this.#plane = plane;
    this.project = tenant.project;
    this.tenant = Object.fromEntries(everybody.map((who) => [who, this.#watched(tenant[who])])) as Clients;
  }

  /** As of the last answer. */
  get states(): readonly Standing[] {
    return this.#states;
  }

  async advance(milliseconds: number): Promise<void> {
    this.#states = await this.#plane.advance(this, milliseconds);
  }

  #watched(client: Client): Client {
    const headers = { [STATES_HEADER]: this.project };
    const note = async (asked: Promise<Answer>) => {
      const answer = await asked;
      this.#states = JSON.parse(String(answer.headers[STATES_HEADER]));
      return answer;
    };
    return {
      token: client.token,
      get: (path) => note(client.get(path, { headers })),
      post: (path, body, options) =>
        note(client.post(path, body, { headers: { ...headers, ...options?.headers } })),
    };
  }
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
export function expectStates(belief: Belief, { states }: Real): void {
  const believed = belief.proposals.map(({ id, state, job, attempt, charged, notBefore }) => [
    id,
    state,
    job,
    attempt,
    charged,
    notBefore === null ? null : CLOCK_START + notBefore,
  ]);
  expect(states).toEqual(believed);
}

/** The list shows every proposal, newest first, as existing tools read it. */
async function expectList(belief: Belief, { tenant }: Real): Promise<void> {
  const { body } = must(await tenant.olivia.get('/v1/control/external-writebacks/proposals?limit=500'));
  const shown = body.proposals?.map(({ proposal_id, status, job }) => [
    proposal_id,
    status,
    job?.status ?? null,
  ]);
  const believed = belief.proposals.map((one) => [one.id, shownState(one), one.job]).reverse();
  expect(shown).toEqual(believed);
}

/** As existing tools know states. */
function shownState(one: Proposal): string {
  if (isUndecided(one)) return 'pending_review';
  return one.state === 'expired' ? 'canceled' : one.state;
}

/** What must be true when a run has ended: the depths, the runners, and both chains of the ledger. */
export async function expectRecord(belief: Belief, real: Real): Promise<void> {
  await expectList(belief, real);
  const { project, tenant } = real;
  const count = (isCounted: (proposal: Belief['proposals'][number]) => boolean) =>
    belief.proposals.filter(isCounted).length;
  const health = must(await tenant.olivia.get('/v1/engine/health')).body;
  expect(health.depths).toEqual({
    pending_review: count((one) => isUndecided(one) && !isLookedAt(one)),
    rehearsing: count((one) => isUndecided(one) && one.look?.status === 'asked'),
    queued: count(({ job, notBefore }) => job === 'queued' && notBefore === null),
    held_back: count(({ notBefore }) => notBefore !== null),
    frozen: 0,
    leased: count((one) => one.job === 'leased' || (isUndecided(one) && one.look?.status === 'leased')),
    dead_letter: count(({ job }) => job === 'dead_letter'),
  });
  const entries: LedgerEntry[] = [];
  for (let cursor: string | null | undefined = '0'; cursor !== null && cursor !== undefined; ) {
    const page: Answer = must(await tenant.audra.get(`/v1/ledger?limit=500&cursor=${cursor}`));
    entries.push(...(page.body.entries ?? []));
    cursor = page.body.next_cursor;
  }
  const { seq, hash } = Object(health.ledger);
  expect(verifyLedger(project, entries)).toEqual({ ok: true, entries: seq, head_hash: hash });
}
