import type { FreezeView, RunnerView } from '@countersign/client/fleet-api';

/** The stop of all work, where one stands; one that is being lifted holds nothing back. */
export function stopOfAll(freezes: readonly FreezeView[]): FreezeView | undefined {
  return freezes.find(
    ({ is_stop, scope, state }) => is_stop && scope.kind === 'project' && state !== 'lifting',
  );
}

/** What a freeze is of, in words. */
export function scopeText({ scope }: Pick<FreezeView, 'scope'>): string {
  return scope.kind === 'project' ? 'the project' : `the ${scope.kind} ${scope.id ?? ''}`.trim();
}

/** What a runner has in hand: `1 job, 2 actions`, or `nothing`. */
export function heldText({ active_leases }: Pick<RunnerView, 'active_leases'>): string {
  const { actions = 0, jobs = 0, tasks = 0 } = active_leases ?? {};
  const parts = [counted(jobs, 'job'), counted(actions, 'action'), counted(tasks, 'task')];
  return parts.filter((part) => part !== '').join(', ') || 'nothing';
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}
