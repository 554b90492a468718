import { loadConfig } from '../config/load-config.ts';
import type { RunnerConfig, SourceConfig } from '../config/runner-config.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { runnerVersion } from '../version.ts';
import { Daemon, type DaemonReadiness } from './daemon.ts';
import { explainFault } from './explain-fault.ts';
import { openControlPlane } from './open-control-plane.ts';
import { openDatabase } from './open-database.ts';
import { printable } from './printable.ts';

export interface StatusOptions {
  readonly configPath: string;
  readonly isJson: boolean;
  /** Whether only the daemon is asked whether it is alive. */
  readonly isOfDaemon: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** One thing that was asked. `isReached` tells a wrong answer from none. */
interface Look {
  readonly isWell: boolean;
  readonly isReached: boolean;
  readonly document: object;
  readonly line: string;
}

/**
 * Says what is true now, and changes nothing. Exit codes: `failed` when something is not well, `unreachable` when
 * nothing answers at all, `refused` by the configuration.
 */
export async function status(options: StatusOptions): Promise<ExitCode> {
  const { complain, configPath, environment, isJson, print } = options;
  try {
    const config = await loadConfig(configPath, environment);
    if (options.isOfDaemon) return await healthOfDaemon(config, options);
    const [controlPlane, daemon, ...sources] = await Promise.all([
      lookAtControlPlane(config, environment),
      lookAtDaemon(config),
      ...Object.entries(config.sources).map(([id, source]) => lookAtSource(id, source, environment)),
    ]);
    const looks = [controlPlane, ...sources, ...(daemon === undefined ? [] : [daemon])];
    const isWell = looks.every((look) => look.isWell);
    const { mode, profile, runner_id } = config;
    const ids = Object.keys(config.sources);
    const document = {
      runner_id,
      runner_version: runnerVersion,
      mode,
      profile,
      well: isWell,
      control_plane: controlPlane.document,
      sources: Object.fromEntries(sources.map((look, place) => [ids[place] ?? '', look.document])),
      daemon: daemon?.document ?? null,
    };
    const lines = looks.map((look) => `${look.isWell ? '✓' : '✗'} ${printable(look.line)}\n`).join('');
    print(
      isJson
        ? `${JSON.stringify(document, null, 2)}\n`
        : `${runner_id} ${runnerVersion}, mode ${mode}\n${lines}`,
    );
    if (isWell) return exitCodes.ok;
    return looks.some(({ isReached }) => isReached) ? exitCodes.failed : exitCodes.unreachable;
  } catch (error) {
    const { code, text } = explainFault(error);
    complain(`${text}\n`);
    return code;
  }
}

/** For health checks: quick, quiet towards databases and control plane, and `failed` for whatever is not alive. */
async function healthOfDaemon({ http }: RunnerConfig, { isJson, print }: StatusOptions): Promise<ExitCode> {
  const daemon = Daemon.of(http);
  const isHealthy = (await daemon?.isHealthy()) ?? false;
  const where = daemon?.url ?? 'an http.port that the configuration does not name';
  print(
    isJson
      ? `${JSON.stringify({ healthy: isHealthy })}\n`
      : `${isHealthy ? '✓' : '✗'} daemon: ${isHealthy ? 'alive' : 'does not say that it is alive'} at ${where}\n`,
  );
  return isHealthy ? exitCodes.ok : exitCodes.failed;
}

async function lookAtControlPlane(config: RunnerConfig, environment: NodeJS.ProcessEnv): Promise<Look> {
  try {
    const answer = await (await openControlPlane(config, environment)).doctor();
    const covered = Array.isArray(answer.source_ids) ? answer.source_ids.map(String) : undefined;
    const outside = Object.keys(config.sources).filter(
      (id) => covered !== undefined && !covered.includes(id),
    );
    const isWell = outside.length === 0;
    const project = typeof answer.project_id === 'string' ? answer.project_id : null;
    const known = `project ${project ?? 'unknown'}, sources ${covered?.join(', ') ?? 'not told'}`;
    return {
      isWell,
      isReached: true,
      document: {
        state: isWell ? 'ok' : 'not_covered',
        project_id: project,
        source_ids: covered ?? null,
        not_covered: outside,
      },
      line: isWell
        ? `control plane: the token is accepted; ${known}`
        : `control plane: the token does not cover ${outside.join(', ')}; ${known}`,
    };
  } catch (error) {
    return notWell('control plane', error);
  }
}

async function lookAtSource(id: string, source: SourceConfig, environment: NodeJS.ProcessEnv): Promise<Look> {
  try {
    const database = await openDatabase(id, source, environment);
    try {
      const server = await database.serverName();
      const { applied, conflicts, newestAt } = await database.receiptActivity();
      return {
        isWell: true,
        isReached: true,
        document: {
          state: 'ok',
          server,
          newest_receipt_at: newestAt,
          last_24_hours: { applied, conflict: conflicts },
        },
        line: `${id}: ${server}; last 24 h ${applied} applied, ${conflicts} in conflict; newest receipt ${newestAt ?? 'none'}`,
      };
    } finally {
      await database.close();
    }
  } catch (error) {
    return notWell(id, error);
  }
}

function notWell(where: string, error: unknown): Look {
  const { code, text } = explainFault(error);
  const isReached = code !== exitCodes.unreachable;
  const what = text.replaceAll('\n', '; ');
  return {
    isWell: false,
    isReached,
    document: { state: isReached ? 'refused' : 'unreachable', what },
    line: `${where}: ${what}`,
  };
}

/** Undefined where the configuration says of no place to ask. */
async function lookAtDaemon({ http }: RunnerConfig): Promise<Look | undefined> {
  const daemon = Daemon.of(http);
  if (daemon === undefined) return undefined;
  const report = await daemon.readiness();
  if (report === undefined) {
    const line = `daemon: nothing answers at ${daemon.url}; start it, or look at its log`;
    return { isWell: false, isReached: false, document: { state: 'not_listening' }, line };
  }
  return {
    isWell: report.ready,
    isReached: true,
    document: { state: report.ready ? 'ready' : 'not_ready', ...report },
    line: `daemon: ${report.ready ? 'ready' : 'not ready'}; ${reportText(report)}`,
  };
}

function reportText({ control_plane, databases, draining, frozen }: DaemonReadiness): string {
  const states = Object.entries(databases).map(([id, state]) => `${id} ${state}`);
  return [
    `control plane ${control_plane}`,
    ...states,
    ...(draining ? ['out of service: drained, or stopping'] : []),
    ...(frozen ? ['held back by a freeze'] : []),
  ].join(', ');
}
