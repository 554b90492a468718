import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { RunRow } from '../runs-schema.ts';
import type { World } from '../turn/world.ts';

export type FoundRun =
  | { readonly ok: true; readonly row: RunRow }
  | { readonly ok: false; readonly refusal: Refusal };

/** The run, where the caller may look at it. To an agent another's is as if it did not exist. */
export function findRun(world: World, runId: string, identity: Identity): FoundRun {
  const row = world.row('runs', runId);
  if (row === undefined || !isRunOf(row, identity)) {
    return { ok: false, refusal: { code: 'run_not_found', message: `there is no run ${runId}` } };
  }
  return { ok: true, row };
}

/** The same, where it is still open. */
export function findOpenRun(world: World, runId: string, identity: Identity): FoundRun {
  const found = findRun(world, runId, identity);
  if (!found.ok || found.row.state === 'open') return found;
  const message = `the run has ended already: it is ${found.row.state}`;
  return { ok: false, refusal: { code: 'run_ended', message } };
}

/** The run, where the caller may end it and its tasks: among agents only the one that began it. */
export function findOwnRun(world: World, runId: string, identity: Identity): FoundRun {
  const found = findRun(world, runId, identity);
  if (!found.ok || identity.kind !== 'agent' || found.row.proposer_id === identity.actor.id) return found;
  const message = 'only the agent that began a run ends it, or a task of it; you may add to it';
  return { ok: false, refusal: { code: 'forbidden', message } };
}

/** An agent has the runs that it began, and those that it was named in. */
export function isRunOf(
  { agents, proposer_id }: Pick<RunRow, 'agents' | 'proposer_id'>,
  { actor, kind }: Identity,
): boolean {
  return kind !== 'agent' || proposer_id === actor.id || agents.includes(actor.id);
}
