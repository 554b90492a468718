import {
  type ActionOutcome,
  actionOutcomeSchema,
  type ClaimedAction,
} from '@countersign/protocol/action/action-job';
import { askProvider } from './ask-provider.ts';
import type { Effect, Executor, Found } from './executor.ts';
import { inputFault } from './input-fault.ts';
import { failed, retry, succeeded, unknown } from './outcomes.ts';

export interface PerformOptions {
  /** By the clock that `first_begun_at` is of, in ms since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** Before each question to the provider. */
  readonly pausesMs?: readonly number[];
}

/** Under ten seconds: whoever waits for longer has the next attempt for it. */
const PAUSES_MS = [500, 2_000, 5_000];
/** Of a key's life: the rest is for clocks that differ, and for a request that takes its time. */
const TRUSTED_PART = 0.9;
/**
 * How long a request that was lost may still take effect at a provider that drops no repeats. Longer than any request
 * may last here, and than a provider's own front would hold one.
 */
const SETTLES_MS = 5 * 60_000;

const OUTCOME_UNKNOWN = 'An earlier attempt may have done it, and nobody can be asked. A person has to look.';
const EARLIER_MAY_STAND = 'This attempt was refused, but an earlier one may have done it.';

/**
 * Makes an action happen once, by all that its provider offers: a first attempt is performed; a later one repeated as
 * long as the provider drops repeats, then asked about, and where nobody can be asked left to a person. Whatever comes
 * of it fits the schema of outcomes.
 */
export async function performAction(
  executor: Executor,
  action: ClaimedAction,
  options: PerformOptions,
): Promise<ActionOutcome> {
  if (executor.provider !== action.provider) return refuse(action, 'provider_differs');
  const fault = inputFault(action.provider, action.input);
  if (fault !== undefined) return refuse(action, 'input_refused', fault);
  const effect = effectOf(action);
  const outcome = await (effect.firstBegunAt === null
    ? performFirst(executor, effect, options)
    : performLater(executor, effect, effect.firstBegunAt, options));
  const parsed = actionOutcomeSchema.safeParse(outcome);
  return parsed.success ? parsed.data : unknown('outcome_invalid');
}

/** What this runner does not perform: for good, unless an attempt elsewhere may have. */
export function refuse(
  { first_begun_at }: Pick<ClaimedAction, 'first_begun_at'>,
  code: string,
  detail?: string,
): ActionOutcome {
  return first_begun_at === null ? failed(code, detail) : unknown(code, detail ?? EARLIER_MAY_STAND);
}

function effectOf(action: ClaimedAction): Effect {
  return {
    key: action.idempotency_key,
    input: action.input,
    name: action.name,
    actionId: action.action_id,
    attempt: action.attempt,
    firstBegunAt: action.first_begun_at === null ? null : Date.parse(action.first_begun_at),
  };
}

async function performFirst(
  executor: Executor,
  effect: Effect,
  options: PerformOptions,
): Promise<ActionOutcome> {
  const outcome = await executor.perform(effect, options.signal);
  return settle(executor, effect, outcome, options);
}

async function performLater(
  executor: Executor,
  effect: Effect,
  firstBegunAt: number,
  options: PerformOptions,
): Promise<ActionOutcome> {
  const age = options.now - firstBegunAt;
  if (executor.remembersMs !== null && age < executor.remembersMs * TRUSTED_PART) {
    return repeat(executor, effect, options);
  }
  const found = await ask(executor, effect, options, executor.remembersMs !== null);
  if (found === undefined) return unknown('outcome_unknown', OUTCOME_UNKNOWN);
  if (found.found === 'yes') return succeeded(found.reference, { was_done: true });
  if (found.found === 'unknown') return unknown(found.code);
  if (age < SETTLES_MS) return unknown('not_settled');
  return performFirst(executor, effect, options);
}

/** The key is still known, so that nothing happens twice; but a refusal speaks of this attempt alone. */
async function repeat(executor: Executor, effect: Effect, options: PerformOptions): Promise<ActionOutcome> {
  const outcome = await executor.perform(effect, options.signal);
  if (outcome.outcome !== 'failed') return settle(executor, effect, outcome, options);
  const found = await ask(executor, effect, options, true);
  if (found?.found === 'yes') return succeeded(found.reference, { was_done: true });
  return found?.found === 'no' ? outcome : unknown(outcome.code ?? 'outcome_unknown', EARLIER_MAY_STAND);
}

/** Finds out what can be found out of an attempt that lost its way just now. */
async function settle(
  executor: Executor,
  effect: Effect,
  outcome: ActionOutcome,
  options: PerformOptions,
): Promise<ActionOutcome> {
  if (outcome.outcome !== 'unknown') return outcome;
  const begun = { ...effect, firstBegunAt: effect.firstBegunAt ?? options.now };
  const found = await ask(executor, begun, options, false);
  if (found?.found === 'yes') {
    return succeeded(found.reference, { was_done: effect.firstBegunAt !== null });
  }
  // Should the lost request still take effect, only a provider that knows the key drops the next one.
  const isConclusive = found?.found === 'no' && executor.remembersMs !== null;
  return isConclusive ? retry(outcome.code ?? 'not_done') : outcome;
}

function ask(
  executor: Executor,
  effect: Effect,
  { pausesMs = PAUSES_MS, signal }: PerformOptions,
  believesFirstNo: boolean,
): Promise<Found | undefined> {
  return askProvider(executor, effect, { believesFirstNo, pausesMs, signal });
}
