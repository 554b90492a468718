import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isHealthy } from './ask-health.ts';
import { fromHere } from './plane-address.ts';
import { countTenants } from './read-record.ts';
import { findPlane } from './running-plane.ts';
import type { ServeConfig } from './serve-config.ts';
import { storePaths } from './store-paths.ts';
import { serveVersion } from './version.ts';

/** How the plane of a store is, in the form that `--json` prints. */
export interface PlaneStatus {
  readonly running: boolean;
  readonly pid: number | null;
  /** The process that a PID file names and that is gone. */
  readonly stale_pid: number | null;
  readonly url: string | null;
  /** Whether it answers. */
  readonly healthy: boolean;
  /** Of what runs; of this program where nothing does. */
  readonly version: string;
  readonly started_at: string | null;
  readonly uptime_seconds: number | null;
  readonly store: string;
  readonly store_bytes: number;
  /** Null for the standard output, or where nothing runs. */
  readonly log: string | null;
  readonly tenants: number | null;
  readonly backup_destination: string | null;
  /** What whoever runs it should know. */
  readonly warnings: readonly string[];
}

export async function planeStatus(config: ServeConfig, now: number): Promise<PlaneStatus> {
  const { backups, store } = config;
  const found = await findPlane(store);
  const running = found.isRunning ? found.process : undefined;
  return {
    running: found.isRunning,
    pid: running?.pid ?? null,
    stale_pid: found.isRunning ? null : found.stalePid,
    url: running?.url ?? null,
    healthy: typeof running?.url === 'string' && (await isHealthy(fromHere(running.url))),
    version: running?.version ?? serveVersion,
    started_at: running?.started_at ?? null,
    uptime_seconds:
      running === undefined ? null : Math.max(0, Math.floor((now - Date.parse(running.started_at)) / 1000)),
    store,
    store_bytes: await sizeOf(store),
    log: running?.log ?? null,
    tenants: countTenants(storePaths(store).plane),
    backup_destination: backups?.folder ?? null,
    warnings: running?.warnings ?? [],
  };
}

/** Of all files in a folder; nothing where there is none. */
async function sizeOf(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    // What is gone before it is looked at has no size.
    const sizes = await Promise.all(
      files.map(({ name, parentPath }) =>
        stat(join(parentPath, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}
