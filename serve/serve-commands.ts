import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DoctorFinding } from '@countersign/protocol/doctor-report';
import { assertInsecure } from './assert-insecure.ts';
import { type ConfigOutline, configOutline } from './config-outline.ts';
import type { Serving } from './daemon-report.ts';
import { examineStore } from './examine-store.ts';
import type { KeysChanged, KeysListed } from './keys/key-answers.ts';
import type { KeyKindName, KeysPlace } from './keys/key-kind.ts';
import { listKeys, retireKey, rotateKeys, secretText } from './keys/keys-commands.ts';
import { HOLDERS_SQL } from './keys/token-holders.ts';
import { loadConfig } from './load-config.ts';
import { openLog } from './open-log.ts';
import { appendTo } from './plane-log.ts';
import { type PlaneStatus, planeStatus } from './plane-status.ts';
import { serve } from './serve.ts';
import { ServeFault, type ServeFaultFacts } from './serve-fault.ts';
import { startDaemon } from './start-daemon.ts';
import { stopPlane } from './stop-plane.ts';
import { storePaths } from './store-paths.ts';
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

/** How a plane is served in the foreground. */
export interface Foreground {
  /** Asks nobody who they are. */
  readonly isInsecure: boolean;
}

/** Serves until the signal aborts. Logs to the configuration's file, else to `write`. */
export function serveForeground(
  configPath: string,
  { environment, isInsecure, signal }: Caller & Foreground,
  write: (line: string) => void,
  onServing: (serving: Serving) => void,
): Promise<Outcome<void>> {
  return outcomeOf(async () => {
    const config = await loadConfig(configPath);
    if (isInsecure) assertInsecure(config);
    if (config.log !== undefined) closeSync(openLog(config.log));
    const writeLog = config.log === undefined ? write : appendTo(config.log, write);
    const logFile = config.log ?? null;
    await serve(config, { environment, writeLog, logFile, signal, onServing, isInsecure });
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

/** What a doctor finds of the plane of a configuration. */
export function serveDoctor(
  configPath: string,
  { environment }: Pick<Caller, 'environment'>,
): Promise<Outcome<readonly DoctorFinding[]>> {
  return outcomeOf(async () => examineStore(await loadConfig(configPath), environment));
}

/** The file in which a plane of a configuration logs, whether it runs or not; the foreground may log elsewhere. */
export function serveLog(configPath: string): Promise<Outcome<string>> {
  return outcomeOf(async () => {
    const { log, store } = await loadConfig(configPath);
    return log ?? storePaths(store).log;
  });
}

/** What of a configuration may be shown to anybody. */
export function serveOutline(configPath: string): Promise<Outcome<ConfigOutline>> {
  return outcomeOf(async () => configOutline(await loadConfig(configPath)));
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

/** The keys of a configuration's plane, and what depends on each; nothing that is secret. */
export function keysList(
  configPath: string,
  { environment }: Pick<Caller, 'environment'>,
): Promise<Outcome<KeysListed>> {
  return outcomeOf(() => listKeys(configPath, environment));
}

/** Puts a new key in front of a list. */
export function keysRotate(kind: KeyKindName, place: KeysPlace): Promise<Outcome<KeysChanged>> {
  return outcomeOf(() => rotateKeys(kind, place));
}

/** Takes a key away that nothing depends on. */
export function keysRetire(
  kind: KeyKindName,
  keyId: string,
  place: KeysPlace,
): Promise<Outcome<KeysChanged>> {
  return outcomeOf(() => retireKey(kind, keyId, place));
}

/** Secret: a list as a Worker takes it; `isKnownOnly`: before anybody signs with the newest. */
export function keysSecret(kind: KeyKindName, file: string, isKnownOnly: boolean): Promise<Outcome<string>> {
  return outcomeOf(() => secretText(kind, file, isKnownOnly));
}

/** What asks a database of tenants which keys its credentials depend on. */
export const keysHoldersSql = HOLDERS_SQL;

async function outcomeOf<Given>(command: () => Promise<Given>): Promise<Outcome<Given>> {
  try {
    return { ok: true, given: await command() };
  } catch (fault) {
    if (!(fault instanceof ServeFault)) throw fault;
    return { ok: false, fault: fault.facts };
  }
}
