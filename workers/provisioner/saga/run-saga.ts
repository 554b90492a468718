import { begun, dueAt, ended, nextOf } from './advance.ts';
import type { Saga, StepEnd, StepName } from './saga.ts';

/** One step of the way. Both may be repeated at any time, also after a crash in the middle: they end in the same. */
export interface Step {
  do(saga: Saga): Promise<StepEnd>;
  undo(saga: Saga): Promise<StepEnd>;
}

/** Where a saga is kept, and what it needs from outside. */
export interface SagaHost {
  readonly steps: Readonly<Record<StepName, Step>>;
  /** Durable when it returns. */
  store(saga: Saga): Promise<void>;
  /** Unix milliseconds. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  fault(fault: unknown): void;
}

/**
 * Goes on from what is stored until nothing is left to do, or something must wait. `most`: steps at the most. Returns
 * what is stored then.
 */
export async function runSaga(host: SagaHost, stored: Saga, most = Number.POSITIVE_INFINITY): Promise<Saga> {
  let saga = stored;
  for (let taken = 0; taken < most; taken += 1) {
    const next = nextOf(saga);
    const due = dueAt(saga);
    if (next === undefined || (due ?? 0) > host.now()) return saga;
    saga = begun(saga, next);
    await host.store(saga);
    const end = await tryStep(host, saga, next);
    saga = ended(saga, next, end, host.now(), host.random());
    await host.store(saga);
  }
  return saga;
}

/** A fault of a step is a trouble that may pass: what it did is not known, and doing it again finds out. */
async function tryStep(
  host: SagaHost,
  saga: Saga,
  { kind, name }: NonNullable<ReturnType<typeof nextOf>>,
): Promise<StepEnd> {
  try {
    return await host.steps[name][kind](saga);
  } catch (fault) {
    host.fault(fault);
    return { ok: false, trouble: { code: 'fault', mayPass: true } };
  }
}
