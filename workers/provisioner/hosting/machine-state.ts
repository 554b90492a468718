import type { FlyMachine } from './fly-answers.ts';
import type { MachineState } from './hosting-provider.ts';
import { CHECKS } from './machine-config.ts';

/** By fly.io/docs/machines/machine-states. One that is not here is taken for a change under way: look again. */
const states: ReadonlyMap<string, MachineState> = new Map([
  ['started', 'running'],
  ['stopping', 'stopping'],
  ['suspending', 'stopping'],
  ['stopped', 'stopped'],
  ['suspended', 'stopped'],
  ['failed', 'failed'],
  // Ends as destroyed by itself.
  ['launch_failed', 'going'],
  ['destroying', 'going'],
  ['destroyed', 'going'],
  ['migrated', 'going'],
  ['replaced', 'going'],
]);

export function stateOf({ state }: FlyMachine): MachineState {
  return states.get(state) ?? 'changing';
}

/** Only our own checks count: the API adds some of its own, for old clients (superfly/fly-go, machine_types.go). */
export function isHealthy(machine: FlyMachine): boolean {
  const passing = machine.checks?.filter(({ status }) => status === 'passing').map(({ name }) => name);
  return stateOf(machine) === 'running' && Object.keys(CHECKS).every((name) => passing?.includes(name));
}
