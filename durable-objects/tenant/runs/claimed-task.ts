import type { ControlKind } from '@countersign/protocol/control/control-document';
import type { Chosen, ClaimedTask, ParentOutcome, PlanDocuments } from '@countersign/protocol/run/task';
import { controlKey } from '../control/control-body.ts';
import type { StepRow } from '../runs-schema.ts';
import type { World } from '../turn/world.ts';
import { sizeOf } from './size-of.ts';

/** A task as its worker gets it; undefined while what it is made of has not been read. */
export function claimedTask(world: World, row: StepRow): ClaimedTask | undefined {
  const body = world.body(row.seq);
  const run = world.row('runs', row.run_id);
  const task = body !== undefined && 'linked' in body ? body.task : null;
  if (task === null || run === undefined || row.plan === null) return undefined;
  return {
    task_id: row.step_id,
    run_id: row.run_id,
    claim_id: row.claim_id ?? '',
    attempt: row.attempt,
    task: task.name,
    title: row.title,
    command: run.command,
    input: task.input,
    parents: withinBounds(row.parents.flatMap((id) => parentOf(world, id))),
    plan: row.plan,
    documents: documentsOf(world, row.plan),
    expires_at: new Date(row.claim_expires_at ?? 0).toISOString(),
  };
}

/** Bytes of what the steps before a task came to, all together: a claim is twenty of them at most. */
const MOST_GIVEN = 262_144;

/** The first results that there is room for; of the others it is said where they lie. */
function withinBounds(parents: readonly ParentOutcome[]): ParentOutcome[] {
  let room = MOST_GIVEN;
  return parents.map((parent) => {
    const size = parent.result === null ? 0 : sizeOf(parent.result);
    if (size > room) return { ...parent, result: null };
    room -= size;
    return parent;
  });
}

function parentOf(world: World, stepId: string): ParentOutcome[] {
  const row = world.row('steps', stepId);
  if (row === undefined) return [];
  const said = row.result_seq === null ? undefined : world.body(row.result_seq);
  const result = said !== undefined && 'verdict' in said ? said.result : null;
  const { artifact, kind, result_seq, state, title } = row;
  return [{ step_id: stepId, kind, state, title, result, result_seq, artifact }];
}

function documentsOf(world: World, plan: NonNullable<StepRow['plan']>): PlanDocuments {
  const prompt = plan.prompt === null ? undefined : documentOf(world, 'prompt', plan.prompt);
  return {
    prompt: prompt !== undefined && 'text' in prompt ? prompt.text : null,
    skills: plan.skills.flatMap((chosen) => {
      const document = documentOf(world, 'skill', chosen);
      return document !== undefined && 'text' in document ? [{ name: chosen.name, text: document.text }] : [];
    }),
    tools: plan.tools.flatMap((chosen) => {
      const document = documentOf(world, 'tool', chosen);
      if (document === undefined || !('parameters' in document)) return [];
      const { description, parameters } = document;
      return [{ name: chosen.name, description, parameters }];
    }),
  };
}

/** The version that a plan chose, whatever is in force by now. */
export function documentOf(world: World, kind: ControlKind, { name, version }: Chosen) {
  const row = world.row('controls', controlKey(kind, name));
  const chosen = row?.versions.find((one) => one.version === version);
  const body = chosen === undefined ? undefined : world.body(chosen.seq);
  return body !== undefined && 'document' in body ? body.document : undefined;
}
