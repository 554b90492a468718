import { mintId } from '@countersign/protocol/ids';
import { EXPIRY_SECONDS } from '@countersign/protocol/proposal-requests';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import type { Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { newSteps } from './new-steps.ts';
import { runSubject } from './run-subject.ts';
import { sizeOf } from './size-of.ts';

/** A command becomes a run: it and its first tasks are written in one turn, which also wakes whoever waits for them. */
export function submitCommand(
  world: World,
  { request, traceparent }: AskOf<'submit-command'>,
  identity: Identity,
  now: number,
): Outcome {
  const { agents, command, expires_in_seconds, input, tasks, text } = request;
  const kinds = agents.map((id) => world.credential(id)?.kind);
  const stranger = agents.find((_id, place) => kinds[place] !== 'agent');
  if (stranger !== undefined) {
    return unchanged(refuse('validation_failed', `$.agents: there is no agent ${stranger}`));
  }
  const seq = world.nextSeq;
  const run_id = mintId('run', { at: now, seq, tenant: world.tenant });
  const steps = newSteps(
    world,
    { run_id, command, steps: 0, open: [], artifacts: {}, bytes: sizeOf(input) },
    tasks.map((task) => ({ ...task, kind: 'task' as const })),
    { actor: identity.actor, now, firstSeq: seq + 1, behind: null },
  );
  if (!steps.ok) return unchanged(steps);
  const ends = request.ends ?? (tasks.length > 0 ? 'with_its_steps' : 'when_told');
  const expires_at = now + (expires_in_seconds ?? EXPIRY_SECONDS.usual) * 1_000;
  if (ends === 'with_its_steps' && tasks.length === 0) {
    const message = '$.ends: without a task there is no step that the run could end with';
    return unchanged(refuse('validation_failed', message, 'add a task, or say when_told'));
  }
  const body = {
    run_id,
    command,
    text: text ?? null,
    input,
    name: identity.name,
    principal: 'bindings' in identity ? (identity.bindings.principal ?? null) : null,
    agents,
    ends,
    expires_at,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  const started: Draft = { type: 'run.started', actor: identity.actor, subject: runSubject(run_id), body };
  return {
    reply: answer(
      {
        ok: true,
        run_id,
        status: 'open',
        command,
        step_ids: steps.stepIds,
        created_at: new Date(now).toISOString(),
        expires_at: new Date(expires_at).toISOString(),
        ledger_seq: seq,
      },
      201,
    ),
    entries: [started, ...steps.entries],
  };
}
