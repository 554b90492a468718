import { system } from '../access/identity.ts';
import type { StepRow } from '../runs-schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { stopped } from './end-run.ts';
import { runSubject } from './run-subject.ts';

/**
 * What the clock does to runs: rests that are over, workers that were lost, and runs that nobody ended. `told` are the
 * proposals and actions of which this sweep says something already: they end once.
 */
export function sweepRuns(world: World, now: number, told: ReadonlySet<string>): readonly Draft[] {
  const tasks = world.dueTasks
    .map((id) => world.row('steps', id))
    .filter((row) => row !== undefined)
    // An earlier command of the same turn may have moved it.
    .filter(({ rank }) => rank !== null && rank <= now)
    .flatMap((row) => entryFor(row) ?? []);
  const over = world.dueRuns
    .map((id) => world.row('runs', id))
    .filter((row) => row !== undefined)
    .filter(({ rank, state }) => state === 'open' && rank !== null && rank <= now)
    .flatMap((row) => {
      const at = new Date(row.expires_at).toISOString();
      const cause = { by: 'clock', message: `it was to end by ${at}` };
      return stopped(world, row, { state: 'failed', cause }, system).filter(
        ({ subject }) => !told.has(subject),
      );
    });
  // A task that ends with its run is not put back in its queue as well.
  const ended = new Set(over.flatMap(({ body }) => ('step_id' in body ? [body.step_id] : [])));
  return [...tasks.filter(({ body }) => !('step_id' in body && ended.has(body.step_id))), ...over];
}

function entryFor(row: StepRow): Draft | undefined {
  const about = { actor: system.actor, subject: runSubject(row.run_id) };
  const { charged, claim_id, lane, most_attempts, step_id } = row;
  if (lane === 'later') return { ...about, type: 'task.rested', body: { step_id } };
  if (lane !== 'lease' || claim_id === null) return undefined;
  const becomes = charged + 1 >= most_attempts ? 'dead_letter' : 'queued';
  return { ...about, type: 'task.lease_expired', body: { step_id, claim_id, becomes } };
}
