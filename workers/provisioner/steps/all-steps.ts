import type { Means } from '../means.ts';
import type { Step } from '../saga/run-saga.ts';
import type { StepName } from '../saga/saga.ts';
import { createRows } from './create-rows.ts';
import { hostRunner } from './host-runner.ts';
import { open } from './open.ts';
import { place } from './place.ts';
import { reserveLabel } from './reserve-label.ts';

/** What each step of a provisioning does, and how it is taken back. */
export function allSteps(means: Means): Readonly<Record<StepName, Step>> {
  return {
    reserve_label: reserveLabel(means),
    place: place(means),
    create_tenant: createRows(means),
    ...hostRunner(means),
    open: open(means),
  };
}
