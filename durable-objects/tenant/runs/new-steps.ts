import { mintId } from '@countersign/protocol/ids';
import type { Actor } from '@countersign/protocol/ledger';
import type { Refusal } from '@countersign/protocol/problem';
import type { NewStep } from '@countersign/protocol/run/run-requests';
import { controlSetting } from '../control/control-setting.ts';
import { planTask } from '../control/plan-task.ts';
import type { StepRow } from '../runs-schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import type { StepAdded, StoredArtifact } from './run-body.ts';
import { runSubject } from './run-subject.ts';
import { sizeOf } from './size-of.ts';
import { stepHasEnded } from './step-lane.ts';

/** A run of more is several runs, and nobody reads it as one. */
export const MOST_STEPS = 2_000;
/** At once; all of them are named in the run's row. */
export const MOST_OPEN = 200;
/** Names, each with any number of versions. */
const MOST_ARTIFACTS = 100;
/** Of all that its tasks are given and come to. Larger things are artifacts. */
export const MOST_BYTES = 4_194_304;
/** Behind one step. */
export const MOST_CHILDREN = 100;

/** The run that steps are added to, as far as they need to know it. */
export interface RunSoFar {
  readonly run_id: string;
  readonly command: string;
  readonly steps: number;
  readonly open: readonly string[];
  readonly artifacts: Readonly<Record<string, number>>;
  readonly bytes: number;
}

interface Adding {
  readonly actor: Actor;
  readonly now: number;
  /** The sequence that the first of the new entries will get. */
  readonly firstSeq: number;
  /** A step that all of them follow, which has succeeded by then. */
  readonly behind: string | null;
}

export type NewSteps =
  | { readonly ok: true; readonly entries: readonly Draft[]; readonly stepIds: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** What a step that is added may follow: one that is there, or one that is added before it. */
interface Parent extends Pick<StepRow, 'state'> {
  readonly id: string;
}

/** The entries that add steps to a run. A task that nothing holds back is planned and queued at once. */
export function newSteps(world: World, run: RunSoFar, wanted: readonly NewStep[], adding: Adding): NewSteps {
  const refusal = refusalOfSize(run, wanted);
  if (refusal !== undefined) return { ok: false, refusal };
  // All of them at once: what was not read is looked for by the turn, and one after the other would be many reads.
  for (const name of new Set(wanted.flatMap(({ after }) => after)))
    if (isStepId(name)) world.row('steps', name);
  const added = new Map<string, Parent>();
  const followed = new Map<string, number>();
  const entries: Draft[] = [];
  const stepIds: string[] = [];
  const artifacts: Record<string, number> = { ...run.artifacts };
  for (const [place, step] of wanted.entries()) {
    const step_id = mintId('stp', { at: adding.now, seq: adding.firstSeq + place, tenant: world.tenant });
    const parents = parentsOf(world, run, step.after, added, followed);
    if (!parents.ok) return parents;
    const behind = adding.behind === null ? [] : [adding.behind];
    const after = [...new Set([...behind, ...parents.parents.map(({ id }) => id)])];
    const body = bodyOf(world, run, step, { step_id, after, parents: parents.parents, artifacts });
    if (body.artifact !== null) artifacts[body.artifact.name] = body.artifact.version;
    entries.push({ type: 'step.added', actor: adding.actor, subject: runSubject(run.run_id), body });
    stepIds.push(step_id);
    const key = step.kind === 'task' ? step.key : undefined;
    if (key === undefined) continue;
    if (added.has(key)) {
      return { ok: false, refusal: { code: 'validation_failed', message: `two tasks have the key ${key}` } };
    }
    added.set(key, { id: step_id, state: body.state });
  }
  return { ok: true, entries, stepIds };
}

function refusalOfSize(
  { artifacts, bytes, open, steps }: RunSoFar,
  wanted: readonly NewStep[],
): Refusal | undefined {
  const tasks = wanted.filter(({ kind }) => kind === 'task').length;
  if (steps + wanted.length > MOST_STEPS) {
    return { code: 'run_full', message: `a run has at most ${MOST_STEPS} steps`, next: 'begin another run' };
  }
  const inputs = wanted.reduce((sum, step) => sum + (step.kind === 'task' ? sizeOf(step.input) : 0), bytes);
  if (inputs > MOST_BYTES) {
    const message = `all that the tasks of a run are given and come to is at most ${MOST_BYTES} bytes`;
    return { code: 'run_full', message, next: 'keep large things as artifacts' };
  }
  const names = new Set([
    ...Object.keys(artifacts),
    ...wanted.flatMap((step) => (step.kind === 'artifact' ? [step.name] : [])),
  ]);
  if (names.size > MOST_ARTIFACTS) {
    const message = `a run has at most ${MOST_ARTIFACTS} names of artifacts`;
    return { code: 'run_full', message, next: 'the same name again is another version' };
  }
  if (open.length + tasks > MOST_OPEN) {
    const message = `a run has at most ${MOST_OPEN} steps open at once`;
    return { code: 'run_full', message, next: 'add the rest when some have ended' };
  }
  return undefined;
}

function isStepId(name: string): boolean {
  return name.startsWith('stp_');
}

type FoundParents =
  | { readonly ok: true; readonly parents: readonly Parent[] }
  | { readonly ok: false; readonly refusal: Refusal };

function parentsOf(
  world: World,
  run: RunSoFar,
  names: readonly string[],
  added: ReadonlyMap<string, Parent>,
  /** How many follow each by now, these among them. */
  followed: Map<string, number>,
): FoundParents {
  const parents: Parent[] = [];
  for (const name of names) {
    const known = added.get(name) ?? (isStepId(name) ? stepIn(world, run.run_id, name) : undefined);
    if (known === undefined) {
      const message = `there is no step ${name} in this run, and no task before it has that key`;
      return { ok: false, refusal: { code: 'step_not_found', message } };
    }
    const followers = followed.get(name) ?? ('children' in known ? known.children.length : 0);
    followed.set(name, followers + 1);
    if (followers >= MOST_CHILDREN) {
      const message = `at most ${MOST_CHILDREN} steps may follow one`;
      return { ok: false, refusal: { code: 'run_full', message } };
    }
    parents.push('id' in known ? known : { id: known.step_id, state: known.state });
  }
  return { ok: true, parents };
}

function stepIn(world: World, runId: string, stepId: string): StepRow | undefined {
  const row = world.row('steps', stepId);
  return row?.run_id === runId ? row : undefined;
}

interface Placing {
  readonly step_id: string;
  readonly after: readonly string[];
  readonly parents: readonly Parent[];
  readonly artifacts: Readonly<Record<string, number>>;
}

const plain = {
  title: null,
  once: 'succeeded',
  state: 'succeeded',
  linked: null,
  task: null,
  plan: null,
  text: null,
  evidence_id: null,
  artifact: null,
} as const;

function bodyOf(world: World, run: RunSoFar, step: NewStep, placing: Placing): StepAdded {
  const { step_id, after, artifacts, parents } = placing;
  const common = { ...plain, step_id, run_id: run.run_id, kind: step.kind, after };
  switch (step.kind) {
    case 'note':
      return { ...common, text: step.text };
    case 'read':
      return { ...common, text: step.what, evidence_id: step.evidence_id ?? null };
    case 'artifact': {
      const { kind: _kind, after: _after, ...artifact } = step;
      return { ...common, artifact: nextVersion(artifact, artifacts) };
    }
    case 'task': {
      const { task: name, input, most_attempts, once, title } = step;
      const isReady = parents.every((parent) => isThrough(parent, once));
      const about = { task: name, command: run.command };
      const plan = isReady ? planTask(controlSetting(world.row('settings', 'control')), about) : null;
      const task = { name, input, most_attempts };
      const state = isReady ? ('queued' as const) : ('waiting' as const);
      return { ...common, title: title ?? null, once, state, task, plan };
    }
  }
}

function nextVersion(
  artifact: Omit<StoredArtifact, 'version'>,
  standing: Readonly<Record<string, number>>,
): StoredArtifact {
  const before = Object.hasOwn(standing, artifact.name) ? standing[artifact.name] : undefined;
  return { ...artifact, version: (before ?? 0) + 1 };
}

/** Whether a step lets go on what waits for it so. */
export function isThrough(parent: Pick<StepRow, 'state'>, once: 'succeeded' | 'ended'): boolean {
  return once === 'succeeded' ? parent.state === 'succeeded' : stepHasEnded(parent);
}
