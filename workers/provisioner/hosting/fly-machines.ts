import { awaitHealthy } from './await-healthy.ts';
import { ensureApp } from './ensure-app.ts';
import { ensureMachine } from './ensure-machine.ts';
import { ensureSecret } from './ensure-secret.ts';
import { FlyCall } from './fly-call.ts';
import type { FlySettings } from './fly-settings.ts';
import type { HostingMeans } from './hosting-means.ts';
import type { Hosted, HostingProvider } from './hosting-provider.ts';
import { lookAtApp } from './look-at-app.ts';
import { tellsSecret } from './machine-config.ts';
import { RatePacer } from './rate-pacer.ts';
import { removeApp } from './remove-app.ts';
import { stopMachine } from './stop-machine.ts';
import { failed, rejected } from './troubles.ts';

/** Two requests that get no answer, and what it takes to find out what became of them. */
const CALL_MS = 40_000;
/** A runner gets 30 s to finish. */
const STOP_MS = 45_000;
/** An app is gone some time after its deletion was accepted. */
const REMOVAL_MS = 60_000;

/** By Fly's own refusal: "Name under 63 chars using numbers, lowercase letters and dashes". */
const APP_NAME = /^[a-z0-9][a-z0-9-]{0,61}$/;
const MACHINE_ID = /^[0-9a-z]{1,64}$/;
const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,127}$/;

/** The Machines API of Fly.io, for the runner of one tenant: one app with one machine, in a private network of its own. */
export function flyMachines(settings: FlySettings, tenant: string, means: HostingMeans): HostingProvider {
  const fly = { settings, tenant, means, pacer: new RatePacer() };
  const within = (budgetMs: number) => new FlyCall(fly, budgetMs);
  return {
    ensureApp: (name) => named(isApp(name), () => ensureApp(within(CALL_MS), name)),
    ensureSecret: (app, name, value) =>
      named(isApp(app) && SECRET_NAME.test(name), () => ensureSecret(within(CALL_MS), app, name, value)),
    ensureMachine: async (app, spec) =>
      tellsSecret(spec)
        ? failed(rejected('secret_in_spec'))
        : named(isApp(app), () => ensureMachine(within(CALL_MS), app, spec)),
    awaitHealthy: (app, machineId, timeoutMs) =>
      named(isMachine(app, machineId), () => awaitHealthy(within(timeoutMs), app, machineId)),
    stopMachine: (app, machineId) =>
      named(isMachine(app, machineId), () => stopMachine(within(STOP_MS), app, machineId)),
    removeApp: (app) => named(isApp(app), () => removeApp(within(REMOVAL_MS), app)),
    lookAt: (app) => named(isApp(app), () => lookAtApp(within(CALL_MS), app)),
  };
}

/** Names become parts of paths: an empty one, or `..`, would make another request of it. */
async function named<Found>(isName: boolean, act: () => Promise<Hosted<Found>>): Promise<Hosted<Found>> {
  return isName ? act() : failed(rejected('name_invalid'));
}

function isApp(name: string): boolean {
  return APP_NAME.test(name);
}

function isMachine(app: string, machineId: string): boolean {
  return isApp(app) && MACHINE_ID.test(machineId);
}
