import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { type DaemonReport, daemonReportSchema, type Serving } from './daemon-report.ts';
import { openLog } from './open-log.ts';
import { scriptNamed } from './plane-files.ts';
import type { ServeConfig } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';
import { ensureStoreFolder } from './store-folder.ts';
import { storePaths } from './store-paths.ts';
import { planeEnded } from './supervise-plane.ts';

/**
 * Starts a process that serves, and leaves it alone once its plane answers. Throws `ServeFault`; then nothing is left
 * running.
 *
 * @param configPath absolute
 */
export async function startDaemon(
  configPath: string,
  config: ServeConfig,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Serving> {
  await ensureStoreFolder(config.store);
  const log = config.log ?? storePaths(config.store).log;
  const output = openLog(log);
  const child = spawn(process.execPath, [scriptNamed('daemon-process'), configPath, log], {
    cwd: config.store,
    env: environment,
    // Its own words go to the log by itself; this is for what ends it before it can.
    stdio: ['ignore', 'ignore', output, 'ipc'],
    detached: true,
  });
  closeSync(output);
  const cancel = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', cancel);
  try {
    const report = await reportOf(child);
    if (report.event === 'refused') throw new ServeFault(report.fault);
    return report.serving;
  } finally {
    signal.removeEventListener('abort', cancel);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function reportOf(child: ChildProcess): Promise<DaemonReport> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      const parsed = daemonReportSchema.safeParse(message);
      if (parsed.success) resolve(parsed.data);
      else reject(parsed.error);
    });
    child.once('error', reject);
    child.once('exit', () => reject(planeEnded('before it served')));
  });
}
