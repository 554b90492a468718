import type { RunRow, StepRow } from '../runs-schema.ts';
import type { Placed } from '../turn/event.ts';
import { laneOfStep } from './step-lane.ts';

type Change = Partial<Omit<StepRow, 'lane' | 'rank'>>;

/** The step that an entry is about. */
export function stepOf({ body }: Placed): string | undefined {
  return 'step_id' in body ? body.step_id : undefined;
}

/** A step's row after an entry about it. */
export function stepAfter(
  tenant: string,
  run: RunRow,
  before: StepRow | undefined,
  entry: Placed,
): StepRow | undefined {
  if (before === undefined) return entry.type === 'step.added' ? added(tenant, run, entry) : undefined;
  const row = { ...before, ...changeOf(before, entry), updated_at: entry.at };
  return { ...row, ...laneOfStep(row) };
}

const noClaim = {
  claim_id: null,
  claim_runner: null,
  claim_credential: null,
  claim_expires_at: null,
} as const;

function added(tenant: string, run: RunRow, entry: Extract<Placed, { type: 'step.added' }>): StepRow {
  const { body } = entry;
  const row = {
    tenant,
    step_id: body.step_id,
    run_id: run.run_id,
    seq: entry.seq,
    number: run.steps + 1,
    kind: body.kind,
    title: body.title,
    state: body.state,
    parents: [...body.after],
    once: body.once,
    children: [],
    linked: body.linked,
    artifact: body.artifact,
    task: body.task?.name ?? null,
    plan: body.plan,
    most_attempts: body.task?.most_attempts ?? 0,
    attempt: 0,
    charged: 0,
    queued_seq: body.state === 'queued' ? entry.seq : null,
    not_before: null,
    ...noClaim,
    progress: null,
    result_seq: null,
    told: null,
    cause: null,
    created_at: entry.at,
    updated_at: entry.at,
  };
  return { ...row, ...laneOfStep(row) };
}

function changeOf(before: StepRow, entry: Placed): Change {
  switch (entry.type) {
    case 'step.ready':
      return { state: 'queued', plan: entry.body.plan, queued_seq: entry.seq };
    case 'step.ended':
      return { state: entry.body.state, cause: entry.body.cause, not_before: null, ...noClaim };
    case 'task.claimed': {
      const { attempt, claim_id, credential, expires_at, runner_id } = entry.body;
      return {
        state: 'leased',
        attempt,
        claim_id,
        claim_runner: runner_id,
        claim_credential: credential,
        claim_expires_at: expires_at,
        progress: null,
      };
    }
    case 'task.progressed':
      return { progress: { percent: entry.body.percent, message: entry.body.message, at: entry.at } };
    case 'task.returned':
      return { state: 'queued', not_before: entry.body.not_before, ...noClaim };
    case 'task.rested':
      return { not_before: null };
    case 'task.lease_expired':
      return {
        state: entry.body.becomes,
        charged: before.charged + 1,
        cause: { by: `runner:${before.claim_runner ?? ''}`, message: 'the worker was lost' },
        ...noClaim,
      };
    case 'task.completed': {
      const { becomes, claim_id, digest, runner_id, verdict } = entry.body;
      return {
        state: becomes,
        charged: before.charged + 1,
        result_seq: entry.seq,
        told: { claim_id, credential: entry.actor.id, runner_id, digest },
        cause:
          verdict === null || verdict.verdict === 'accept'
            ? null
            : { by: `arbiter:${verdict.arbiter}`, message: verdict.message },
        ...noClaim,
      };
    }
    case 'task.failed': {
      const { becomes, claim_id, code, digest, message, not_before, runner_id } = entry.body;
      return {
        state: becomes,
        charged: before.charged + 1,
        not_before,
        told: { claim_id, credential: entry.actor.id, runner_id, digest },
        cause: { by: `runner:${runner_id}`, message: message === null ? code : `${code}: ${message}` },
        ...noClaim,
      };
    }
    default:
      return {};
  }
}
