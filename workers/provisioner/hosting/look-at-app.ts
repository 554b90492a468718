import { type FlyMachine, secretListSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, troubleOf } from './fly-reply.ts';
import type { Hosted, HostedApp, HostedMachine } from './hosting-provider.ts';
import { lookForApp } from './look-for-app.ts';
import { isHealthy, stateOf } from './machine-state.ts';
import { machinesOf } from './our-machine.ts';
import { ownerOf } from './tenant-mark.ts';
import { failed } from './troubles.ts';

type Seen = Hosted<{ readonly found: HostedApp | undefined }>;

export function lookAtApp(call: FlyCall, app: string): Promise<Seen> {
  return call.settle(async (): Promise<Seen> => {
    const found = await lookForApp(call, app);
    if (found === 'missing') return { ok: true, found: undefined };
    if (found !== 'ours') return failed(found);
    const listed = await machinesOf(call, app);
    if (!listed.ok) return listed;
    // Without `show_secrets`: names and digests come, and the digests are left (docs.machines.dev, "Secrets").
    const reply = await call.send({ method: 'GET', path: `/v1/apps/${app}/secrets` });
    const list = answerOf(secretListSchema, reply);
    if (list === undefined) return failed(troubleOf(reply));
    const ours = listed.machines.filter((machine) => ownerOf(machine, call.fly.tenant) === 'us');
    const secretNames = list.secrets.map(({ name }) => name);
    return { ok: true, found: { machines: ours.map(hostedMachine), secretNames } };
  });
}

function hostedMachine(machine: FlyMachine): HostedMachine {
  return { machineId: machine.id, state: stateOf(machine), isHealthy: isHealthy(machine) };
}
