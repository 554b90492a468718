import { mintId } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import type { RunPlace } from '@countersign/protocol/run/run-requests';
import type { Identity } from '../access/identity.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { MOST_CHILDREN, MOST_OPEN, MOST_STEPS } from './new-steps.ts';
import { findOpenRun } from './own-run.ts';
import { runSubject } from './run-subject.ts';

/** What a proposal or an action keeps of the run that it belongs to. */
export type InRun = { readonly run_id: string; readonly step_id: string };

export type Placed =
  | { readonly ok: true; readonly inRun: InRun | null; readonly entries: readonly Draft[] }
  | { readonly ok: false; readonly refusal: Refusal };

interface Thing {
  readonly kind: 'proposal' | 'action';
  readonly id: string;
  readonly title: string;
}

/** The step that a proposal or an action is in a run. Its entry is the one after that of the thing itself. */
export function placeInRun(
  world: World,
  place: RunPlace | undefined,
  { id, kind, title }: Thing,
  identity: Identity,
  now: number,
): Placed {
  if (place === undefined) return { ok: true, inRun: null, entries: [] };
  const found = findOpenRun(world, place.run_id, identity);
  if (!found.ok) return found;
  const { row: run } = found;
  if (run.steps >= MOST_STEPS || run.open.length >= MOST_OPEN) {
    return { ok: false, refusal: { code: 'run_full', message: 'the run has no room for another step' } };
  }
  const parents = place.after.map((one) => world.row('steps', one));
  const stranger = place.after.find((_one, at) => parents[at]?.run_id !== run.run_id);
  if (parents.some((row) => row !== undefined && row.children.length >= MOST_CHILDREN)) {
    const message = `at most ${MOST_CHILDREN} steps may follow one`;
    return { ok: false, refusal: { code: 'run_full', message } };
  }
  if (stranger !== undefined) {
    return {
      ok: false,
      refusal: { code: 'step_not_found', message: `there is no step ${stranger} in this run` },
    };
  }
  const step_id = mintId('stp', { at: now, seq: world.nextSeq + 1, tenant: world.tenant });
  const body = {
    step_id,
    run_id: run.run_id,
    kind,
    title,
    after: place.after,
    once: 'succeeded',
    state: 'open',
    linked: id,
    task: null,
    plan: null,
    text: null,
    evidence_id: null,
    artifact: null,
  } as const;
  return {
    ok: true,
    inRun: { run_id: run.run_id, step_id },
    entries: [{ type: 'step.added', actor: identity.actor, subject: runSubject(run.run_id), body }],
  };
}
