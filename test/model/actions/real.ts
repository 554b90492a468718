import type { ClaimedAction } from '@countersign/protocol/action/action-job';
import { expect } from 'vitest';
import { CLOCK_START } from '../../support/clocked-protocol.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import type { SharedClockedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { Expected } from '../proposal.ts';
import { expectAnswer } from '../real.ts';
import { type Action, law, targets } from './action.ts';
import { Outbox } from './outbox.ts';
import type { Taken } from './taken.ts';

/** The real thing that a run drives: a tenant of its own. */
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

/** What a run believes. */
export class Belief extends Outbox {
  readonly #seen: Taken;

  constructor(taken: Taken) {
    super(taken);
    this.#seen = taken;
  }

  /** The answer to what was asked is the one that the rules give. */
  expect(asked: string, answer: Answer, expected: Expected): void {
    expectAnswer(answer, expected);
    if (expected.code !== undefined) this.#seen.step('refused', asked, expected.code);
  }
}

export function time(at: number | null): string | null {
  return at === null ? null : new Date(CLOCK_START + at).toISOString();
}

/** An action as its list shows it, in so far as the rules say what is to be seen. */
interface Shown {
  readonly action_id: string;
  readonly status: string;
  readonly attempts: number;
  readonly target: string;
  readonly idempotency_key: string;
  readonly not_before: string | null;
  readonly unknown_since: string | null;
  readonly expires_at: string;
  readonly likely_done: { readonly action_id: string } | null;
  readonly claim: {
    readonly runner_id: string;
    readonly expires_at: string;
    readonly begun_at: string | null;
  } | null;
  readonly result: { readonly claim_id: string; readonly result: { readonly outcome: string } } | null;
  readonly refused: { readonly claim_id: string; readonly result: { readonly outcome: string } } | null;
}

/** Every action of the tenant is as the model believes. */
export async function expectStates(belief: Belief, { tenant }: Real): Promise<void> {
  const { body } = must(await tenant.olivia.get('/v1/actions?limit=500'));
  const shown = body.actions as readonly Shown[];
  expect(shown.map(standingOf).reverse()).toEqual(belief.actions.map(believedOf));
}

function standingOf(one: Shown) {
  const { action_id, attempts, claim, expires_at, idempotency_key, not_before, status, target } = one;
  const word = (heard: Shown['result']) =>
    heard === null ? null : [heard.claim_id, heard.result.outcome].join(' ');
  return {
    ...{ action_id, attempts, claim, expires_at, idempotency_key, not_before, status, target },
    unknown_since: one.unknown_since,
    likely_done: one.likely_done?.action_id ?? null,
    result: word(one.result),
    refused: word(one.refused),
  };
}

function believedOf(one: Action): ReturnType<typeof standingOf> {
  const { accepted, claim, late } = one;
  const word = (heard: Action['accepted']) =>
    heard === null ? null : [heard.claim.id, heard.word.outcome].join(' ');
  return {
    action_id: one.id,
    attempts: one.attempts,
    claim:
      claim === null
        ? null
        : {
            runner_id: claim.worker.id,
            expires_at: String(time(claim.until)),
            begun_at: time(claim.begunAt),
          },
    expires_at: String(time(one.expiresAt)),
    idempotency_key: one.key,
    not_before: time(one.restsUntil),
    status: one.state,
    target: law[one.kind].target,
    unknown_since: time(one.doubtSince),
    likely_done: one.likelyDone?.id ?? null,
    result: word(accepted),
    refused: word(late),
  };
}

/** What a worker is given to do, but for the name of its claim. */
export function expectGiven(given: readonly ClaimedAction[], due: readonly Action[]): void {
  const told = given.map(({ action_id, attempt, idempotency_key, first_begun_at, must_begin }) => ({
    ...{ action_id, attempt, idempotency_key, first_begun_at, must_begin },
  }));
  expect(told).toEqual(
    due.map((one) => ({
      action_id: one.id,
      attempt: one.attempts + 1,
      idempotency_key: one.key,
      first_begun_at: time(one.doubtSince),
      must_begin: law[one.kind].mustBegin,
    })),
  );
}

/** The accounts that are or were in trouble, or have dead letters, are as the model believes. */
export async function expectTargets(belief: Belief, { tenant }: Real): Promise<void> {
  const { body } = must(await tenant.vera.get('/v1/action-targets'));
  const believed = targets.toSorted().flatMap((target) => {
    const { failures, isKnown, state, until } = belief.breakers[target];
    const dead_letters = belief.dead(target).length;
    if (!isKnown) return [];
    return [{ target, state, failures, until: time(until), dead_letters }];
  });
  expect(body.targets).toEqual(believed);
}
