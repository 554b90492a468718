import { rm } from 'node:fs/promises';
import { macKeyId } from '@countersign/protocol/mac-key-id';
import { becomesHealthy } from './ask-health.ts';
import { readBootstrapToken } from './bootstrap-token.ts';
import type { Serving } from './daemon-report.ts';
import { firstTenant, INSECURE_WARNING, insecureTenant, LOCAL_PERSON } from './first-tenant.ts';
import { holdLock } from './held-lock.ts';
import { readMacKeys } from './mac-keys.ts';
import { type PidFile, readPidFile, writePidFile } from './pid-file.ts';
import { addressOf, fromHere } from './plane-address.ts';
import type { PlaneBackups, PlaneWish } from './plane-child.ts';
import { jsonLog } from './plane-log.ts';
import type { ServeConfig } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';
import { readSnapshotKeys } from './snapshot-keys.ts';
import { assertBackupFolder, ensureStoreFolder } from './store-folder.ts';
import { type StorePaths, storePaths } from './store-paths.ts';
import { planeEnded, type SupervisedPlane, supervisePlane } from './supervise-plane.ts';
import { serveVersion } from './version.ts';

/** Somebody who asks for the status has the lock for a moment. */
const LOCK_WAIT_MS = 500;
const HEALTHY_WITHIN_MS = 30_000;

export interface ServeWorld {
  /** Asks nobody who they are; only with a configuration that `assertInsecure` lets through. */
  readonly isInsecure?: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Takes each line of the log. */
  readonly writeLog: (line: string) => void;
  /** The file of the log; null for the standard output. */
  readonly logFile: string | null;
  /** Ends what is served, in order. */
  readonly signal: AbortSignal;
  /** Told once, when the plane answers. */
  onServing(serving: Serving): void;
}

/** Serves a plane until the signal aborts. Throws `ServeFault`, also when the plane ends by itself. */
export async function serve(config: ServeConfig, world: ServeWorld): Promise<void> {
  const paths = storePaths(config.store);
  await ensureStoreFolder(config.store);
  const unlock = holdLock(paths.lock, LOCK_WAIT_MS);
  if (unlock === undefined) throw alreadyRunning(config.store, await readPidFile(paths.pid));
  try {
    const stale = await readPidFile(paths.pid);
    await serveLocked(config, paths, world, stale?.pid ?? null);
  } catch (fault) {
    // What was broken off because it was asked to end has done what it was asked.
    if (world.signal.aborted) return;
    if (fault instanceof ServeFault)
      jsonLog(world.writeLog)('plane.failed', { code: fault.code, message: fault.message });
    throw fault;
  } finally {
    await rm(paths.pid, { force: true });
    unlock();
  }
}

async function serveLocked(
  config: ServeConfig,
  paths: StorePaths,
  world: ServeWorld,
  stalePid: number | null,
): Promise<void> {
  const { logFile, onServing, signal, writeLog } = world;
  const log = jsonLog(writeLog);
  const { listen, store } = config;
  const backups = config.backups?.folder ?? null;
  if (stalePid !== null) log('plane.pid_file_stale', { pid: stalePid });
  const kept = await backupsOf(config, paths, world.environment);
  const macKeys = await readMacKeys(config.secrets.token_mac_keys, paths, world.environment);
  const bootstrap = await readBootstrapToken(config.secrets.bootstrap_token, world.environment);
  const isInsecure = world.isInsecure === true;
  const warnings = [
    ...(isInsecure ? [INSECURE_WARNING] : []),
    ...(bootstrap.warning === undefined ? [] : [bootstrap.warning]),
  ];
  for (const message of warnings) log('plane.warning', { message });
  const self: PidFile = {
    pid: process.pid,
    version: serveVersion,
    started_at: new Date().toISOString(),
    url: null,
    log: logFile,
    token_keys: macKeys.map(macKeyId),
    warnings,
  };
  await writePidFile(paths.pid, self);
  const plane = await supervisePlane(
    wishOf(config, paths, { macKeys, backups: kept, bootstrapToken: bootstrap.token, isInsecure }),
    writeLog,
    signal,
  );
  try {
    const url = addressOf(listen.host, listen.port);
    await assertHealthy(fromHere(url));
    await writePidFile(paths.pid, { ...self, url });
    log('plane.serving', { url, store, version: serveVersion, backups });
    onServing({
      pid: process.pid,
      url,
      is_behind_proxy: listen.behind_tls_proxy,
      store,
      log: logFile,
      backups,
      copy: plane.copy,
      stale_pid: stalePid,
      warnings,
    });
    await untilEnd(plane, signal);
    log('plane.stopping');
  } finally {
    await plane.stop();
  }
  log('plane.stopped');
}

async function assertHealthy(url: string): Promise<void> {
  if (await becomesHealthy(url, HEALTHY_WITHIN_MS)) return;
  throw new ServeFault({
    code: 'not_answering',
    message: `the plane started and did not answer at ${url} within ${HEALTHY_WITHIN_MS / 1000} s`,
    holds: 'it was stopped again, and the store holds all that it held',
    next: 'read the end of the log, and start it again',
  });
}

async function untilEnd(plane: SupervisedPlane, signal: AbortSignal): Promise<void> {
  const asked = new Promise<'asked'>((resolve) => {
    if (signal.aborted) resolve('asked');
    else signal.addEventListener('abort', () => resolve('asked'), { once: true });
  });
  if ((await Promise.race([asked, plane.ended])) !== 'asked') throw planeEnded('while it served');
}

/** Null where the configuration says nothing of copies. */
async function backupsOf(
  { backups, secrets, store }: ServeConfig,
  paths: StorePaths,
  environment: NodeJS.ProcessEnv,
): Promise<PlaneBackups | null> {
  if (backups === undefined) return null;
  const { folder, ...settings } = backups;
  await assertBackupFolder(folder, store);
  const keys = await readSnapshotKeys(secrets.snapshot_keys, paths, folder, environment);
  return {
    folder,
    settings: { SNAPSHOT_KEYS: JSON.stringify(keys), BACKUPS: JSON.stringify(settings) },
  };
}

interface Means {
  readonly macKeys: readonly string[];
  readonly bootstrapToken: string | undefined;
  readonly isInsecure: boolean;
  readonly backups: PlaneBackups | null;
}

function wishOf(
  config: ServeConfig,
  paths: StorePaths,
  { backups, bootstrapToken, isInsecure, macKeys }: Means,
): PlaneWish {
  const { first_project: first, issuers, limits, listen, sign_up: signUp } = config;
  const defaultProject = config.default_project ?? first?.project_id;
  const tenant = isInsecure ? insecureTenant(first) : firstTenant(first);
  return {
    plane: {
      host: listen.host,
      port: listen.port,
      persist: paths.plane,
      issuers,
      macKeys,
      ...(defaultProject === undefined ? {} : { defaultProject }),
      ...(bootstrapToken === undefined ? {} : { bootstrapToken }),
      ...(isInsecure && tenant !== undefined
        ? { insecureLocalhost: { project: tenant.tenant, person: LOCAL_PERSON } }
        : {}),
      ...(limits === undefined ? {} : { limits }),
      ...(signUp === undefined ? {} : { signUp }),
    },
    backups,
    ...(tenant === undefined ? {} : { tenant }),
  };
}

export function alreadyRunning(store: string, running: PidFile | undefined): ServeFault {
  const who =
    running === undefined ? 'another process' : `process ${running.pid}, since ${running.started_at}`;
  return new ServeFault({
    code: 'already_running',
    message: `the store ${store} is served already: by ${who}`,
    holds: 'that one goes on, and nothing else was started',
    next: 'countersign status, or countersign serve --stop',
  });
}
