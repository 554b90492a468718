import { type FlyMachine, okSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, statusOf, troubleOf } from './fly-reply.ts';
import type { Hosted } from './hosting-provider.ts';
import { STOP } from './machine-config.ts';
import { stateOf } from './machine-state.ts';
import { ourMachine } from './our-machine.ts';
import { busy, DONE, failed } from './troubles.ts';
import { waitForState } from './wait-for-state.ts';

/** `POST .../stop`: it stays stopped until it is started (fly.io/docs/machines/api/machines-resource, "Stop a Machine"). */
export function stopMachine(call: FlyCall, app: string, machineId: string): Promise<Hosted> {
  return call.settle(async () => {
    const found = await ourMachine(call, app, machineId);
    if (!found.ok) return found;
    const { machine } = found;
    if (machine === undefined) return DONE;
    switch (stateOf(machine)) {
      case 'stopped':
      case 'failed':
      case 'going':
        return DONE;
      case 'stopping':
        return untilStopped(call, app, machine);
      case 'running':
      case 'changing': {
        const path = `/v1/apps/${app}/machines/${machineId}/stop`;
        const reply = await call.send({ method: 'POST', path, body: STOP });
        return answerOf(okSchema, reply)?.ok ? untilStopped(call, app, machine) : failed(troubleOf(reply));
      }
    }
  });
}

async function untilStopped(call: FlyCall, app: string, machine: FlyMachine): Promise<Hosted> {
  const reply = await waitForState(call, app, machine, 'stopped');
  if (answerOf(okSchema, reply)?.ok) return DONE;
  const trouble = troubleOf(reply);
  // Not in time, or why a wait was refused: the next look tells.
  return failed(statusOf(reply) === 408 || trouble.code === 'rejected' ? busy() : trouble);
}
