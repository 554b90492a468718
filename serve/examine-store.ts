import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { type DoctorFinding, finding } from '@countersign/protocol/doctor-report';
import { examineIssuers } from '@countersign/protocol/issuer-keys';
import { schemaFinding, schemaState } from '@countersign/protocol/schema-state';
import { knownMigrations } from './apply-migrations.ts';
import { isHealthy } from './ask-health.ts';
import { errorCode } from './error-code.ts';
import { readMacKeys } from './mac-keys.ts';
import { fromHere } from './plane-address.ts';
import { readAppliedMigrations } from './read-record.ts';
import { findPlane } from './running-plane.ts';
import type { ServeConfig } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';
import { storePaths } from './store-paths.ts';

/** The part of a disk that should be free: a database that cannot grow takes no more writes. */
const FREE = 0.1;

/** What a doctor finds of the plane of this machine, whether it runs or not. Changes nothing. */
export async function examineStore(
  config: ServeConfig,
  environment: NodeJS.ProcessEnv,
): Promise<readonly DoctorFinding[]> {
  const { backups, issuers, store } = config;
  return [
    await examineProcess(store),
    ...(await examineSchema(store)),
    ...(await examineKeys(config, environment)),
    ...(await examineIssuers(issuers)),
    ...(await examineRoom(store)),
    ...(backups === undefined ? [] : await examineBackups(backups.folder)),
  ];
}

async function examineProcess(store: string): Promise<DoctorFinding> {
  const where = 'plane';
  const found = await findPlane(store);
  if (!found.isRunning)
    return finding('plane_stopped', where, 'it does not run', 'countersign serve --daemon');
  const { pid, url } = found.process ?? {};
  if (typeof url === 'string' && (await isHealthy(fromHere(url))))
    return finding('plane_reachable', where, `process ${pid} answers at ${url}`);
  const message = `process ${pid} runs, and does not answer`;
  return finding(
    'plane_unreachable',
    where,
    message,
    'countersign logs; then countersign serve --stop, and start it',
  );
}

/** A store that is not there yet is made by the first start. */
async function examineSchema(store: string): Promise<readonly DoctorFinding[]> {
  const applied = readAppliedMigrations(storePaths(store).plane);
  return applied.map((names) => mendedHere(schemaFinding('store', schemaState(names, knownMigrations()))));
}

/** What mends it on one machine. */
function mendedHere(found: DoctorFinding): DoctorFinding {
  switch (found.code) {
    case 'migrations_missing':
      return { ...found, fix: 'start it anew: countersign serve applies them' };
    case 'schema_of_next_release':
      return { ...found, fix: 'install the next release again, once what led back is mended' };
    case 'schema_newer':
      return { ...found, fix: 'install the version of Countersign that wrote it' };
    default:
      return found;
  }
}

async function examineKeys(
  { secrets, store }: ServeConfig,
  environment: NodeJS.ProcessEnv,
): Promise<readonly DoctorFinding[]> {
  const reference = secrets.token_mac_keys;
  const paths = storePaths(store);
  // The first start makes keys where none are named; and whoever serves may have variables that are not here.
  const isFirst = reference === undefined && !existsSync(paths.macKeys) && !existsSync(paths.plane);
  const isElsewhere =
    reference !== undefined && 'env' in reference && environment[reference.env] === undefined;
  if (isFirst || isElsewhere) return [];
  try {
    await readMacKeys(reference, paths, environment);
    return [finding('bindings_present', 'keys', 'they can be read')];
  } catch (fault) {
    if (!(fault instanceof ServeFault)) throw fault;
    return [finding('settings_wrong', 'keys', fault.message, fault.next)];
  }
}

async function examineRoom(store: string): Promise<readonly DoctorFinding[]> {
  const where = 'disk of the store';
  try {
    const { bavail, blocks, bsize } = await statfs(store);
    const free = `${((bavail * bsize) / 1e9).toFixed(1)} of ${((blocks * bsize) / 1e9).toFixed(1)} GB are free`;
    if (bavail >= blocks * FREE) return [finding('storage_has_room', where, free)];
    return [finding('storage_near_limit', where, free, 'make room, or move the store to a larger disk')];
  } catch (fault) {
    if (errorCode(fault) === 'ENOENT') return [];
    const message = `it cannot be looked at (${errorCode(fault)})`;
    return [finding('store_unusable', where, message, 'give this user the right to')];
  }
}

async function examineBackups(backups: string): Promise<readonly DoctorFinding[]> {
  try {
    await access(backups, constants.W_OK | constants.X_OK);
    return [];
  } catch (fault) {
    const message = `${backups} cannot be written (${errorCode(fault)})`;
    return [finding('store_unusable', 'backup destination', message, 'make it or mount it')];
  }
}
