import type { RunRow, StepRow } from '../runs-schema.ts';
import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { stepAfter, stepOf } from './fold-step.ts';
import { runOfSubject } from './run-subject.ts';
import { sizeOf } from './size-of.ts';
import { stepHasEnded } from './step-lane.ts';

/** The rows of a run and its steps after an entry about it. */
export function foldRun(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const before = rows.row('runs', runOfSubject(entry.subject));
  if (before === undefined) {
    const begun = entry.type === 'run.started' ? started(tenant, entry) : undefined;
    return begun === undefined ? [] : [{ name: 'runs', row: begun }];
  }
  const stepId = stepOf(entry);
  const standing = stepId === undefined ? undefined : rows.row('steps', stepId);
  const step = stepAfter(tenant, before, standing, entry);
  const run = {
    ...before,
    ...(entry.type === 'run.ended' ? { state: entry.body.state, cause: entry.body.cause } : {}),
    ...(step === undefined ? {} : withStep(rows, before, standing, step)),
    bytes: before.bytes + bytesIn(entry),
    updated_at: entry.at,
    tip_seq: entry.seq,
    tip_hash: entry.hash,
  };
  const isOpen = run.state === 'open';
  const placed = { lane: isOpen ? 'open' : null, rank: isOpen ? run.expires_at : null };
  return [
    { name: 'runs', row: { ...run, ...placed } },
    ...(step === undefined ? [] : [{ name: 'steps' as const, row: step }]),
    ...(entry.type === 'step.added' ? followedBy(rows, entry.body) : []),
  ];
}

function started(tenant: string, entry: Extract<Placed, { type: 'run.started' }>): RunRow {
  const { body, actor } = entry;
  return {
    tenant,
    run_id: body.run_id,
    seq: entry.seq,
    command: body.command,
    state: 'open',
    proposer_kind: actor.kind,
    proposer_id: actor.id,
    agents: [...body.agents],
    ends: body.ends,
    steps: 0,
    open: [],
    failed: 0,
    bytes: sizeOf(body.input),
    artifacts: {},
    cause: null,
    created_at: entry.at,
    updated_at: entry.at,
    expires_at: body.expires_at,
    tip_seq: entry.seq,
    tip_hash: entry.hash,
    lane: 'open',
    rank: body.expires_at,
  };
}

/** What an entry adds to what must be read whenever somebody reads the run. */
function bytesIn(entry: Placed): number {
  if (entry.type === 'step.added') return sizeOf(entry.body.task?.input ?? null);
  return entry.type === 'task.completed' ? sizeOf(entry.body.result) : 0;
}

/** What a run knows of its steps, after one of them was added or changed. */
function withStep(
  rows: RowReader,
  run: RunRow,
  before: StepRow | undefined,
  after: StepRow,
): Pick<RunRow, 'steps' | 'open' | 'failed' | 'artifacts'> {
  const isOpen = !stepHasEnded(after);
  const others = run.open.filter((id) => id !== after.step_id);
  const { artifact } = after;
  return {
    steps: run.steps + Number(before === undefined),
    open: isOpen ? (before === undefined ? [...run.open, after.step_id] : run.open) : others,
    failed: run.failed + newlyInVain(rows, before, after),
    artifacts: artifact === null ? run.artifacts : { ...run.artifacts, [artifact.name]: artifact.version },
  };
}

/** How many more steps have failed a run: this one, by its end; fewer, where it follows some however they ended. */
function newlyInVain(rows: RowReader, before: StepRow | undefined, after: StepRow): number {
  if (before === undefined && after.once === 'ended') {
    const parents = after.parents.map((id) => rows.row('steps', id)).filter((row) => row !== undefined);
    return -parents.filter((row) => hasFailed(row) && !isAwaitedAnyhow(rows, row)).length;
  }
  const hadFailed = before !== undefined && hasFailed(before);
  return Number(hasFailed(after) && !hadFailed && !isAwaitedAnyhow(rows, after));
}

function hasFailed(row: StepRow): boolean {
  return stepHasEnded(row) && row.state !== 'succeeded';
}

/** Whether something follows it that only wants it to end. */
function isAwaitedAnyhow(rows: RowReader, { children }: StepRow): boolean {
  return children.some((id) => rows.row('steps', id)?.once === 'ended');
}

/** A step knows what follows it, so that its end can tell them. */
function followedBy(
  rows: RowReader,
  { after, step_id }: { readonly after: readonly string[]; readonly step_id: string },
): readonly Put[] {
  return after
    .map((id) => rows.row('steps', id))
    .filter((row) => row !== undefined)
    .map((row) => ({ name: 'steps', row: { ...row, children: [...row.children, step_id] } }));
}
