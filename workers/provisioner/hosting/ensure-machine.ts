import { type FlyMachine, madeMachineSchema, startedMachineSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, type FlyReply, troubleOf } from './fly-reply.ts';
import type { Hosted, MachineSpec } from './hosting-provider.ts';
import { inOurApp } from './in-our-app.ts';
import { digestOf, machineConfig } from './machine-config.ts';
import { stateOf } from './machine-state.ts';
import { ifOurs, machinesOf } from './our-machine.ts';
import { specDigestOf } from './tenant-mark.ts';
import { busy, failed } from './troubles.ts';

/**
 * Machines have unique names within their app, so this name makes the second of two creations fail (409), also when the
 * list has nothing to show though there is a machine, as on one day in April (fly.io/infra-log/machines-api-duplicates).
 */
const NAME = 'runner';

type MachineResult = Hosted<{ readonly machineId: string }>;

/** Makes the machine, or takes the one that is there and brings it to the spec. */
export function ensureMachine(call: FlyCall, app: string, spec: MachineSpec): Promise<MachineResult> {
  return call.settle(() =>
    inOurApp(call, app, async () => {
      const listed = await machinesOf(call, app);
      if (!listed.ok) return listed;
      const machine = listed.machines.find(({ name }) => name === NAME);
      if (machine === undefined) return makeMachine(call, app, spec);
      const owned = ifOurs(call, machine);
      return owned.ok ? bringTo(call, app, spec, machine) : owned;
    }),
  );
}

/** `POST /v1/apps/{app}/machines`; it starts by itself. */
async function makeMachine(call: FlyCall, app: string, spec: MachineSpec): Promise<MachineResult> {
  const body = { name: NAME, region: spec.region, ...content(call, spec) };
  const reply = await call.send({ method: 'POST', path: `/v1/apps/${app}/machines`, body });
  const made = answerOf(madeMachineSchema, reply);
  return made === undefined ? failed(troubleOf(reply)) : { ok: true, machineId: made.id };
}

async function bringTo(
  call: FlyCall,
  app: string,
  spec: MachineSpec,
  machine: FlyMachine,
): Promise<MachineResult> {
  const state = stateOf(machine);
  // What is going still has the name.
  if (state === 'going' || state === 'stopping') return failed(busy());
  const path = `/v1/apps/${app}/machines/${machine.id}`;
  const done = { ok: true, machineId: machine.id } as const;
  if (specDigestOf(machine) !== digestOf(spec)) {
    const reply = await update(call, path, spec, machine.instance_id);
    return answerOf(madeMachineSchema, reply) === undefined ? failed(troubleOf(reply)) : done;
  }
  if (state === 'running' || state === 'changing') return done;
  const reply = await call.send({ method: 'POST', path: `${path}/start` });
  return answerOf(startedMachineSchema, reply) === undefined ? failed(troubleOf(reply)) : done;
}

/**
 * Starts the machine as well, and is what gives it newer secrets (fly.io/docs/machines/api/apps-resource, "Set app
 * secrets"). Refused where somebody else has changed the machine since it was looked at.
 */
function update(call: FlyCall, path: string, spec: MachineSpec, version: string): Promise<FlyReply> {
  const body = { current_version: version, ...content(call, spec) };
  return call.send({ method: 'POST', path, body });
}

/** `min_secrets_version`: docs.machines.dev. Without it a machine may start before its host has the new secret. */
function content(call: FlyCall, spec: MachineSpec): object {
  return { config: machineConfig(spec, call.fly.tenant), min_secrets_version: spec.secretsVersion };
}
