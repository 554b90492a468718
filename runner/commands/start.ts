import { createRunnerApi } from '@countersign/client/runner-api';
import { machineClocks } from '../clock/elapsed.ts';
import { ServerClock } from '../clock/server-clock.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { RunnerConfig } from '../config/runner-config.ts';
import { readSecret } from '../config/secret.ts';
import { PostgresDatabase } from '../databases/postgres/postgres-database.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { ReportQueue } from '../loops/report-queue.ts';
import type { RunnerContext } from '../loops/runner-context.ts';
import { runnerVersion } from '../version.ts';
import { firstContact } from './first-contact.ts';
import type { Shutdown } from './shutdown.ts';
import { type Source, Sources } from './sources.ts';

const PATIENCE_MS = 60_000;

export interface StartOptions {
  readonly configPath: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly shutdown: Shutdown;
  /** For how long a control plane that cannot be reached is tried at the start. */
  readonly patienceMs?: number;
}

/** Runs until it is told to stop; never rejects for anything that the world outside does. */
export async function start(options: StartOptions): Promise<ExitCode> {
  const { environment, log, shutdown } = options;
  try {
    const config = await loadConfig(options.configPath);
    const { token, url } = config.control_plane;
    await readSecret(token, environment);
    const sources = await openSources(config, environment);
    const context: RunnerContext = {
      runnerId: config.runner_id,
      api: createRunnerApi({
        url,
        token: () => readSecret(token, environment),
        userAgent: `countersign-runner/${runnerVersion}`,
      }),
      clock: new ServerClock(machineClocks),
      log,
      drain: shutdown.drain,
      giveUp: shutdown.giveUp,
    };
    log('info', 'starting', {
      runner_id: config.runner_id,
      version: runnerVersion,
      sources: Object.keys(config.sources),
    });
    return await run(context, config, sources, shutdown, options.patienceMs ?? PATIENCE_MS);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) log('error', 'config_invalid', { fault });
    return exitCodes.refused;
  }
}

async function openSources(config: RunnerConfig, environment: NodeJS.ProcessEnv): Promise<Source[]> {
  const sources: Source[] = [];
  for (const [sourceId, source] of Object.entries(config.sources)) {
    const databaseUrl = await readSecret(source.database_url, environment);
    if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
      throw new ConfigError([`the database_url of ${sourceId} must begin with postgres://`]);
    }
    const scope = { sourceId, projectId: config.control_plane.project_id, source };
    sources.push({ scope, database: new PostgresDatabase(source, databaseUrl) });
  }
  return sources;
}

async function run(
  context: RunnerContext,
  config: RunnerConfig,
  opened: readonly Source[],
  shutdown: Shutdown,
  patienceMs: number,
): Promise<ExitCode> {
  const reports = new ReportQueue(context);
  const sources = new Sources({ context, config, sources: opened, reports, shutdown, patienceMs });
  try {
    const end =
      (await firstContact(context, 'doctor', patienceMs, context.api.doctor)) ?? (await sources.run());
    await reports.settled();
    if (end !== exitCodes.ok) return end;
    return shutdown.wasForced ? exitCodes.failed : exitCodes.ok;
  } finally {
    await Promise.all(opened.map(({ database }) => database.close()));
    shutdown.done();
    context.log('info', 'stopped');
  }
}
