import { loadConfig } from '../config/load-config.ts';
import type { RunnerConfig } from '../config/runner-config.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Daemon, type Held } from './daemon.ts';
import { explainFault } from './explain-fault.ts';
import { heartbeatOf } from './introduction.ts';
import { openControlPlane } from './open-control-plane.ts';
import { printable } from './printable.ts';

export interface DrainOptions {
  readonly configPath: string;
  /** Put it back into service. */
  readonly isUndo: boolean;
  readonly timeoutSeconds: number;
  readonly isJson: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

const BETWEEN_LOOKS_MS = 500;
/** An answer with jobs may have been on its way when the control plane heard of the drain. */
const QUIET_LOOKS = 3;

/**
 * Takes the runner of this configuration out of service, or puts it back: the control plane hands it nothing more,
 * while its process goes on. Exit codes: `failed` when something is still held after the time, or when it is not put
 * back, `refused`, `unreachable`.
 */
export async function drain(options: DrainOptions): Promise<ExitCode> {
  const { complain, configPath, environment, isUndo } = options;
  try {
    const config = await loadConfig(configPath);
    const status = isUndo ? 'online' : 'draining';
    const api = await openControlPlane(config, environment);
    const answer = await api.heartbeat(heartbeatOf(config.runner_id, Object.keys(config.sources), status));
    return isUndo ? sayUndone(config.runner_id, answer.status, options) : await untilIdle(config, options);
  } catch (error) {
    const { code, text } = explainFault(error);
    complain(`${text}\n`);
    return code;
  }
}

/** Whom an operator took out of service, its own word does not put back. */
function sayUndone(runnerId: string, status: unknown, options: DrainOptions): ExitCode {
  const isOut = status === 'draining';
  say(options, { runner_id: runnerId, status: isOut ? 'draining' : 'online' }, [
    isOut
      ? `${runnerId} stays out of service: an operator took it out, and puts it back; so does a restart of the daemon`
      : `${runnerId} is back in service; its daemon claims again within 15 s`,
  ]);
  return isOut ? exitCodes.failed : exitCodes.ok;
}

async function untilIdle(config: RunnerConfig, options: DrainOptions): Promise<ExitCode> {
  const runnerId = config.runner_id;
  const daemon = Daemon.of(config.http);
  const begun = performance.now();
  const until = begun + options.timeoutSeconds * 1_000;
  let quiet = 0;
  for (;;) {
    const held = await daemon?.held();
    quiet = held !== undefined && isNothing(held) ? quiet + 1 : 0;
    const isOver = performance.now() >= until;
    if (held === undefined || quiet === QUIET_LOOKS || isOver) {
      const isIdle = held === undefined ? null : isNothing(held);
      const waited = Math.round((performance.now() - begun) / 1_000);
      const document = {
        runner_id: runnerId,
        status: 'draining',
        idle: isIdle,
        held: held ?? null,
        waited_seconds: waited,
      };
      const out = `${runnerId} is out of service: the control plane hands it nothing more`;
      say(options, document, [
        out,
        heldText(daemon, held),
        '`drain --undo` puts it back; so does a restart of the daemon',
      ]);
      return isIdle === false ? exitCodes.failed : exitCodes.ok;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

function isNothing({ jobs, reports }: Held): boolean {
  return reports === 0 && Object.values(jobs).every((count) => count === 0);
}

function heldText(daemon: Daemon | undefined, held: Held | undefined): string {
  if (daemon === undefined)
    return 'what its daemon still holds cannot be seen: the configuration has no http.port; a lease lasts 30 s unless renewed';
  if (held === undefined) return `no daemon answers at ${daemon.url}: where none runs, nothing is held`;
  if (isNothing(held)) return 'its daemon holds no job, and every result is reported';
  const jobs = Object.entries(held.jobs).filter(([, count]) => count > 0);
  const lines = jobs.map(([source, count]) => `${source} ${count}`).join(', ');
  return `its daemon still holds jobs (${lines === '' ? 'none' : lines}) and ${held.reports} results to report; it goes on with them`;
}

function say({ isJson, print }: DrainOptions, document: object, lines: readonly string[]): void {
  print(
    isJson ? `${JSON.stringify(document, null, 2)}\n` : lines.map((line) => `${printable(line)}\n`).join(''),
  );
}
