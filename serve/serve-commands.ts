import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Serving } from './daemon-report.ts';
import { loadConfig } from './load-config.ts';
import { openLog } from './open-log.ts';
import { appendTo, jsonLog } from './plane-log.ts';
import { type PlaneStatus, planeStatus } from './plane-status.ts';
import { serve } from './serve.ts';
import { ServeFault, type ServeFaultFacts } from './serve-fault.ts';
import { startDaemon } from './start-daemon.ts';
import { stopPlane } from './stop-plane.ts';
import { makeRoom, makeTenant, type TenantMade } from './tenant-commands.ts';

/** Of whoever calls a command. */
export interface Caller {
  readonly environment: NodeJS.ProcessEnv;
  /** Ends what is waited for, or what is served. */
  readonly signal: AbortSignal;
}

/** What a command gave, or why it could not. */
export type Outcome<Given> =
  | { readonly ok: true; readonly given: Given }
  | { readonly ok: false; readonly fault: ServeFaultFacts };

/** Serves until the signal aborts. Logs to the configuration's file, else to `write`. */
export function serveForeground(
  configPath: string,
  { environment, signal }: Caller,
  write: (line: string) => void,
  onServing: (serving: Serving) => void,
): Promise<Outcome<void>> {
  return outcomeOf(async () => {
    const config = await loadConfig(configPath);
    if (config.log !== undefined) closeSync(openLog(config.log));
    const log = jsonLog(config.log === undefined ? write : appendTo(config.log, write));
    await serve(config, { environment, log, logFile: config.log ?? null, signal, onServing });
  });
}

/** Resolves when the daemon's plane answers; it goes on after this process. */
export function serveDaemon(configPath: string, { environment, signal }: Caller): Promise<Outcome<Serving>> {
  const path = resolve(configPath);
  return outcomeOf(async () => startDaemon(path, await loadConfig(path), environment, signal));
}

/** Resolves when what served has ended, with the number of its process. */
export function serveStop(configPath: string, { signal }: Caller): Promise<Outcome<number>> {
  return outcomeOf(async () => stopPlane((await loadConfig(configPath)).store, signal));
}

/** How the plane of a configuration is, whether it runs or not. */
export function serveStatus(configPath: string): Promise<Outcome<PlaneStatus>> {
  return outcomeOf(async () => planeStatus(await loadConfig(configPath), Date.now()));
}

/** Makes a tenant in the store of a configuration, which nothing may serve. */
export function tenantAdd(
  configPath: string,
  wish: Parameters<typeof makeTenant>[1],
  caller: Caller,
): Promise<Outcome<TenantMade>> {
  return outcomeOf(() => makeTenant(configPath, wish, caller));
}

/** Makes room there for a record that is to be restored. */
export function tenantAdopt(
  configPath: string,
  wish: Parameters<typeof makeRoom>[1],
  caller: Caller,
): Promise<Outcome<TenantMade>> {
  return outcomeOf(() => makeRoom(configPath, wish, caller));
}

async function outcomeOf<Given>(command: () => Promise<Given>): Promise<Outcome<Given>> {
  try {
    return { ok: true, given: await command() };
  } catch (fault) {
    if (!(fault instanceof ServeFault)) throw fault;
    return { ok: false, fault: fault.facts };
  }
}
