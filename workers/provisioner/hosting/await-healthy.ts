import { type FlyMachine, okSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, statusOf, troubleOf } from './fly-reply.ts';
import type { Hosted } from './hosting-provider.ts';
import { isHealthy, stateOf } from './machine-state.ts';
import { ourMachine } from './our-machine.ts';
import { DONE, failed, rejected, unhealthy } from './troubles.ts';
import { waitForState } from './wait-for-state.ts';

/** Started says that the machine runs, not that the runner in it does: that is what the checks are for. */
export function awaitHealthy(call: FlyCall, app: string, machineId: string): Promise<Hosted> {
  return call.settle(async () => {
    const found = await ourMachine(call, app, machineId);
    if (!found.ok) return found;
    const { machine } = found;
    if (machine === undefined) return failed(rejected('machine_missing'));
    if (isHealthy(machine)) return DONE;
    const state = stateOf(machine);
    if (state === 'changing') return untilStarted(call, app, machine);
    return failed(unhealthy(state !== 'going' && state !== 'failed'));
  });
}

/** Started or not, its checks have said nothing yet. Why a wait was refused, the next look tells. */
async function untilStarted(call: FlyCall, app: string, machine: FlyMachine): Promise<Hosted> {
  const reply = await waitForState(call, app, machine, 'started');
  if (answerOf(okSchema, reply)?.ok || statusOf(reply) === 408) return failed(unhealthy(true));
  const trouble = troubleOf(reply);
  return failed(trouble.code === 'rejected' ? unhealthy(true) : trouble);
}
