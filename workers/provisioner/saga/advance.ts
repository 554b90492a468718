import type { Saga, StepEnd, StepName, StepStanding } from './saga.ts';

/** What is to be done next: a step, its undoing, or nothing any more. */
export type Next = { readonly kind: 'do' | 'undo'; readonly name: StepName } | undefined;

/** A step that may pass is tried this often, over about a quarter of an hour; then all is undone. */
export const MOST_ATTEMPTS = 12;
const BACKOFF = { leastMs: 500, mostMs: 120_000 } as const;

/** Steps go in their order; undoing goes back from the last that was ever begun. A pure function of what is stored. */
export function nextOf(saga: Saga): Next {
  if (saga.state === 'going') {
    const step = saga.steps.find(({ state }) => state !== 'done');
    return step === undefined ? undefined : { kind: 'do', name: step.name };
  }
  if (saga.state !== 'undoing') return undefined;
  // One whose answer never came may have done its work: so it is undone like one that is known to have.
  const step = saga.steps.findLast(({ state }) => state !== 'waiting' && state !== 'undone');
  return step === undefined ? undefined : { kind: 'undo', name: step.name };
}

/** Stored before a step is tried: whoever wakes after a crash sees that it may have happened. */
export function begun(saga: Saga, { name }: NonNullable<Next>): Saga {
  return changed(saga, name, (step) => ({
    ...step,
    state: 'under_way',
    attempts: step.attempts + 1,
    trouble: null,
    retryAt: null,
  }));
}

/** Stored after a step: how it ended, and what follows from that. `chance` in [0, 1) spreads the retries. */
export function ended(saga: Saga, next: NonNullable<Next>, end: StepEnd, now: number, chance: number): Saga {
  const { kind, name } = next;
  if (end.ok) {
    const state = kind === 'do' ? 'done' : 'undone';
    const after = changed(saga, name, (step) => ({ ...step, state, trouble: null, retryAt: null }));
    return over({ ...after, found: { ...after.found, ...end.found } });
  }
  const { code, mayPass, retryAfterMs = 0 } = end.trouble;
  const attempts = saga.steps.find((step) => step.name === name)?.attempts ?? 0;
  // What was begun is taken back whatever it costs: left half, it would be paid for and belong to nobody.
  const isTriedAgain = kind === 'undo' || (mayPass && attempts < MOST_ATTEMPTS);
  if (isTriedAgain) {
    const retryAt = now + Math.max(retryAfterMs, backoffMs(attempts, chance));
    return changed(saga, name, (step) => ({ ...step, state: 'retrying', trouble: code, retryAt }));
  }
  const failed = changed(saga, name, (step) => ({ ...step, state: 'failed', trouble: code }));
  // Taking back is counted anew.
  const steps = failed.steps.map((step) => ({ ...step, attempts: 0 }));
  return over({ ...failed, steps, state: 'undoing', failure: { step: name, trouble: code } });
}

/** When the next step may be tried. Unix milliseconds; undefined where there is none. */
export function dueAt(saga: Saga): number | undefined {
  const next = nextOf(saga);
  if (next === undefined) return undefined;
  return saga.steps.find(({ name }) => name === next.name)?.retryAt ?? 0;
}

function over(saga: Saga): Saga {
  if (nextOf(saga) !== undefined) return saga;
  return { ...saga, state: saga.state === 'going' ? 'done' : 'undone' };
}

function backoffMs(attempts: number, chance: number): number {
  const ceiling = Math.min(BACKOFF.leastMs * 2 ** attempts, BACKOFF.mostMs);
  return Math.round(ceiling * (0.5 + chance / 2));
}

function changed(saga: Saga, name: StepName, change: (step: StepStanding) => StepStanding): Saga {
  const steps = saga.steps.map((step) => (step.name === name ? change(step) : step));
  return { ...saga, steps, revision: saga.revision + 1 };
}
