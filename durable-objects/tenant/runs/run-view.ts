import type { RunRow, StepRow } from '../runs-schema.ts';
import type { StoredArtifact } from './run-body.ts';

/** A run as the API shows it, without any word that anybody wrote. */
export function runOutline(tenant: string, row: RunRow) {
  return {
    run_id: row.run_id,
    project_id: tenant,
    command: row.command,
    status: row.state,
    terminal: row.state !== 'open',
    started_by: { kind: row.proposer_kind, id: row.proposer_id },
    ends: row.ends,
    steps_total: row.steps,
    steps_open: row.open.length,
    steps_failed: row.failed,
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    expires_at: time(row.expires_at),
    ledger_seq: row.tip_seq,
  };
}

/** What was written down with a step. */
export interface StepWords {
  readonly text: string | null;
  readonly evidence_id: string | null;
}

/** A step. What people and workers wrote is shown to whoever may see payloads: `words` is there for them. */
export function stepView(row: StepRow, words: StepWords | undefined) {
  const showsWords = words !== undefined;
  return {
    step_id: row.step_id,
    number: row.number,
    kind: row.kind,
    status: row.state,
    after: row.parents,
    title: row.kind === 'task' && !showsWords ? null : row.title,
    ...words,
    linked: row.linked,
    artifact: row.artifact === null ? null : artifactView(row.artifact, showsWords),
    task: row.kind === 'task' ? taskView(row, showsWords) : null,
    cause: row.cause === null ? null : showsWords ? row.cause : { by: row.cause.by },
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    ledger_seq: row.seq,
  };
}

/** Where it lies may be an address that lets in whoever has it. */
function artifactView(
  { digest, location, media_type, name, size, version }: StoredArtifact,
  showsWords: boolean,
) {
  const common = { name, version, digest, size };
  return showsWords ? { ...common, location, media_type } : common;
}

function taskView(row: StepRow, showsWords: boolean) {
  const { progress } = row;
  return {
    task: row.task,
    once: row.once,
    plan: row.plan,
    attempts: row.attempt,
    most_attempts: row.most_attempts,
    not_before: time(row.not_before),
    claim:
      row.claim_id === null ? null : { runner_id: row.claim_runner, expires_at: time(row.claim_expires_at) },
    progress:
      progress === null
        ? null
        : {
            percent: progress.percent,
            ...(showsWords ? { message: progress.message } : {}),
            at: time(progress.at),
          },
    result_seq: row.result_seq,
  };
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
