import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';

/** The variable that gives each worker its name; a configuration asks for it in `runner_id`. */
export const ID_VARIABLE = 'COUNTERSIGN_RUNNER_ID';

export interface WorkerOptions {
  readonly id: string;
  /** The built runner. */
  readonly program: string;
  readonly configPath: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
}

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A runner as a process of this machine. */
export class Worker {
  readonly id: string;
  readonly logFile: string;
  readonly ended: Promise<WorkerEnd>;
  readonly #child: ChildProcess;
  readonly #logFrom: number;
  #said: string | undefined;

  constructor({ configPath, environment, id, logFile, program }: WorkerOptions) {
    this.id = id;
    this.logFile = logFile;
    const log = openSync(logFile, 'a', 0o600);
    this.#logFrom = statSync(logFile).size;
    // The operator's own token is none of a runner's business.
    const { COUNTERSIGN_TOKEN: _, ...rest } = environment;
    this.#child = spawn(process.execPath, [program, 'start', '--config', configPath], {
      env: { ...rest, [ID_VARIABLE]: id },
      stdio: ['ignore', log, log],
      // In a group of its own: Ctrl-C would else reach it beside the word of whoever started it, and count twice.
      detached: true,
    });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve({ code: null, signal: null }));
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to finish what it holds, and to take nothing more. */
  drain(): void {
    this.#child.kill('SIGTERM');
  }

  /** The name that it gave itself; undefined while it has not said. */
  saidName(): string | undefined {
    if (this.#said !== undefined) return this.#said;
    const text = readFileSync(this.logFile).subarray(this.#logFrom).toString();
    const line = text.split('\n').find((one) => one.includes('"event":"starting"'));
    this.#said = line === undefined ? undefined : /"runner_id":"([^"]*)"/.exec(line)?.[1];
    return this.#said;
  }
}
