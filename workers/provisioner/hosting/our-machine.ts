import { type FlyMachine, machineListSchema, machineSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, statusOf, troubleOf } from './fly-reply.ts';
import type { Hosted } from './hosting-provider.ts';
import { ownerOf } from './tenant-mark.ts';
import { failed, NAME_TAKEN, unreachable } from './troubles.ts';

type FoundMachine = Hosted<{ readonly machine: FlyMachine | undefined }>;

/** `GET /v1/apps/{app}/machines`: all that are not destroyed, whoever made them. */
export async function machinesOf(
  call: FlyCall,
  app: string,
): Promise<Hosted<{ readonly machines: readonly FlyMachine[] }>> {
  const reply = await call.send({ method: 'GET', path: `/v1/apps/${app}/machines` });
  const machines = answerOf(machineListSchema, reply);
  if (machines === undefined) return failed(troubleOf(reply));
  return { ok: true, machines: machines.filter(({ state }) => state !== 'destroyed') };
}

/** `GET /v1/apps/{app}/machines/{id}`: a machine of this tenant, or none. */
export async function ourMachine(call: FlyCall, app: string, machineId: string): Promise<FoundMachine> {
  const reply = await call.send({ method: 'GET', path: `/v1/apps/${app}/machines/${machineId}` });
  if (statusOf(reply) === 404) return { ok: true, machine: undefined };
  const machine = answerOf(machineSchema, reply);
  return machine === undefined ? failed(troubleOf(reply)) : ifOurs(call, machine);
}

/** Lets a machine of this tenant through, and refuses any other. */
export function ifOurs(call: FlyCall, machine: FlyMachine): FoundMachine {
  switch (ownerOf(machine, call.fly.tenant)) {
    case 'us':
      return { ok: true, machine };
    case 'others':
      return failed(NAME_TAKEN);
    case 'unclear':
      return failed(unreachable());
  }
}
