import { type ActionWorkerApi, createActionWorkerApi } from '@countersign/client/action-worker-api';
import { createRunnerApi } from '@countersign/client/runner-api';
import { machineClocks } from '../clock/elapsed.ts';
import { ServerClock } from '../clock/server-clock.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { RunnerConfig } from '../config/runner-config.ts';
import { readSecret } from '../config/secret.ts';
import type { Executors } from '../executors/executors.ts';
import { makeExecutors } from '../executors/make-executors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { actionLoop } from '../loops/action-loop.ts';
import { ReportQueue } from '../loops/report-queue.ts';
import type { RunnerContext } from '../loops/runner-context.ts';
import { type TaskLoop, taskLoop } from '../loops/task-loop.ts';
import { watchFreezes } from '../loops/watch-freezes.ts';
import { Operating } from '../operating/operating.ts';
import { ListenError, OperatingServer } from '../operating/operating-server.ts';
import { openTaskHandlers } from '../tasks/open-task-handlers.ts';
import { openTracing } from '../tracing/open-tracing.ts';
import { runnerVersion } from '../version.ts';
import { firstContact } from './first-contact.ts';
import { openDatabase } from './open-database.ts';
import type { Shutdown } from './shutdown.ts';
import { type Source, Sources } from './sources.ts';

const PATIENCE_MS = 60_000;

export interface StartOptions {
  readonly configPath: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly shutdown: Shutdown;
  /** Whether to end when nothing is left to do, instead of waiting for more. */
  readonly isOnce: boolean;
  /** Whether to write nothing, whatever the configuration says. */
  readonly isDryRun: boolean;
  /** For how long a control plane that cannot be reached is tried at the start. */
  readonly patienceMs?: number;
}

/** Runs until it is told to stop; never rejects for anything that the world outside does. */
export async function start(options: StartOptions): Promise<ExitCode> {
  const { environment, log, shutdown } = options;
  try {
    const config = await loadConfig(options.configPath, environment);
    const { token, url } = config.control_plane;
    const isDryRun = options.isDryRun || config.mode === 'dry_run';
    await readSecret(token, environment);
    const executors = await makeExecutors(config.executors, environment);
    const handlers = await openTaskHandlers(config, environment);
    const sources = await openSources(config, environment);
    const operating = operatingOf(sources, shutdown.drain);
    const connection = {
      url,
      token: () => readSecret(token, environment),
      userAgent: `countersign-runner/${runnerVersion}`,
    };
    const context: RunnerContext = {
      runnerId: config.runner_id,
      api: createRunnerApi(connection),
      clock: new ServerClock(machineClocks),
      log,
      observe: operating.observe,
      freezes: watchFreezes(log, operating.observe),
      tracing: await openTracing(environment, config.runner_id, log),
      isDryRun,
      drain: shutdown.drain,
      giveUp: shutdown.giveUp,
    };
    const server =
      config.http === undefined ? undefined : await OperatingServer.listen(config.http, operating, log);
    log('info', 'starting', {
      runner_id: config.runner_id,
      version: runnerVersion,
      mode: isDryRun ? 'dry_run' : 'write',
      sources: Object.keys(config.sources),
      targets: executors.targets,
      handlers: handlers.map(({ name }) => name),
    });
    try {
      const acting = { executors, api: createActionWorkerApi(connection) };
      return await run(context, config, { sources, acting, working: { handlers, connection } }, options);
    } finally {
      await context.tracing.close(shutdown.giveUp);
      // Last, so that it can be asked how the end goes on.
      await server?.close();
      shutdown.done();
      log('info', 'stopped');
    }
  } catch (error) {
    return refusalOf(error, log);
  }
}

/** Says why this runner must not work as it is configured; throws again what says no such thing. */
function refusalOf(error: unknown, log: Log): ExitCode {
  if (error instanceof ListenError) log('error', 'http_refused', { code: error.code, next: OTHER_PORT });
  else if (error instanceof ConfigError) {
    for (const fault of error.faults) log('error', 'config_invalid', { fault });
  } else throw error;
  return exitCodes.refused;
}

const OTHER_PORT = 'set http.host and http.port to where nothing else listens, and this runner may';

function operatingOf(sources: readonly Source[], drain: AbortSignal): Operating {
  const engines = new Map(sources.map(({ scope }) => [scope.sourceId, scope.source.engine]));
  const databases = new Map(sources.map(({ scope, database }) => [scope.sourceId, database]));
  return new Operating(engines, { databases, drain, now: () => performance.now() });
}

async function openSources(config: RunnerConfig, environment: NodeJS.ProcessEnv): Promise<Source[]> {
  const sources: Source[] = [];
  for (const [sourceId, source] of Object.entries(config.sources)) {
    const scope = { sourceId, projectId: config.control_plane.project_id, source };
    sources.push({ scope, database: await openDatabase(sourceId, source, environment) });
  }
  return sources;
}

interface Acting {
  readonly api: ActionWorkerApi;
  readonly executors: Executors;
}

interface Opened {
  readonly sources: readonly Source[];
  readonly acting: Acting;
  readonly working: Pick<TaskLoop, 'connection' | 'handlers'>;
}

async function run(
  context: RunnerContext,
  config: RunnerConfig,
  opened: Opened,
  { isDryRun, isOnce, patienceMs = PATIENCE_MS, shutdown }: StartOptions,
): Promise<ExitCode> {
  const reports = new ReportQueue(context);
  context.observe({ kind: 'reporting', reports });
  // Both are run beside a daemon of the same name, which goes on.
  const saysFarewell = !isOnce && !isDryRun;
  const { acting, working } = opened;
  // A runner that writes nothing sends nothing either, and takes nothing from one that would.
  const servesBesides = !context.isDryRun && acting.executors.targets.length + working.handlers.length > 0;
  const sources = new Sources({
    context,
    config,
    sources: opened.sources,
    reports,
    shutdown,
    patienceMs,
    isOnce,
    saysFarewell,
    servesBesides,
  });
  try {
    const refusal = await firstContact(context, 'doctor', patienceMs, context.api.doctor);
    if (refusal === undefined) context.observe({ kind: 'contacted' });
    const end = refusal ?? (await serve(context, sources, opened, config, { isOnce, shutdown }));
    await reports.settled();
    if (end !== exitCodes.ok) return end;
    return shutdown.wasForced ? exitCodes.failed : exitCodes.ok;
  } finally {
    await Promise.all([acting.executors.close(), ...opened.sources.map(({ database }) => database.close())]);
  }
}

/** Writes, acts and does tasks, each until the runner has drained. */
async function serve(
  context: RunnerContext,
  sources: Sources,
  { acting: { api, executors }, working }: Opened,
  { actions_at_once: atOnce }: RunnerConfig,
  { isOnce, shutdown }: Pick<StartOptions, 'isOnce' | 'shutdown'>,
): Promise<ExitCode> {
  if (context.isDryRun) return sources.run();
  const known = (signal: AbortSignal) => sources.known(signal);
  const besides = Promise.all([
    ...(executors.targets.length === 0 ? [] : [actionLoop(context, { api, executors, atOnce, isOnce })]),
    ...(working.handlers.length === 0 ? [] : [taskLoop(context, { ...working, known, isOnce })]),
  ]);
  const end = await sources.run(besides);
  // As with a source of several: a runner of which a part must not work does not work.
  if (end !== exitCodes.ok && !context.drain.aborted) shutdown.next('source_refused');
  await besides;
  return end;
}
