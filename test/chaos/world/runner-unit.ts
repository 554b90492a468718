import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunnerEnd } from '../checks/runners-sound.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'runner-preload.ts')).href;
/** A supervisor that starts a program again at once would only load the machine. */
const RESTART_MS = 200;
/** A drain is over after 10 s by the runner's own word. */
const LONGEST_DRAIN_MS = 60_000;

export interface RunnerUnitOptions {
  readonly id: string;
  readonly bundle: string;
  readonly configPath: string;
  readonly logPath: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A runner as a service manager keeps it: whenever its process ends, the next one is started. */
export class RunnerUnit {
  readonly id: string;
  readonly ends: RunnerEnd[] = [];
  readonly #options: RunnerUnitOptions;
  #process: ChildProcess | undefined;
  #sent: NodeJS.Signals | undefined;
  #skewMs = 0;
  #isWanted = false;
  #supervision = Promise.resolve();

  constructor(options: RunnerUnitOptions) {
    this.id = options.id;
    this.#options = options;
  }

  start(): void {
    this.#isWanted = true;
    this.#supervision = this.#supervise();
  }

  /** Ends the process at once; the next one has a wall clock that is wrong by so much. */
  kill(skewMs = 0): void {
    this.#skewMs = skewMs;
    this.#send('SIGKILL');
  }

  /** Stops the process where it stands; `resume` lets it go on as if nothing had been. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Asks the process to end, and waits until it has. The next one follows. */
  async terminate(): Promise<void> {
    const { length } = this.ends;
    const child = this.#process;
    if (child === undefined) return;
    const overdue = setTimeout(() => child.kill('SIGKILL'), LONGEST_DRAIN_MS);
    this.#send('SIGTERM');
    if (this.ends.length === length && child.exitCode === null && child.signalCode === null)
      await once(child, 'exit');
    clearTimeout(overdue);
  }

  /** For good; orderly, or at once. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#isWanted = false;
    if (signal === 'SIGTERM') await this.terminate();
    else this.kill();
    await this.#supervision;
  }

  #send(signal: NodeJS.Signals): void {
    // One that is killed may be asked to end before it has gone.
    if (this.#sent !== 'SIGKILL') this.#sent = signal;
    this.#process?.kill(signal);
  }

  async #supervise(): Promise<void> {
    while (this.#isWanted) {
      const end = await this.#run();
      this.ends.push({ runnerId: this.id, end, sent: this.#sent });
      if (this.#sent === undefined) await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
    }
  }

  async #run(): Promise<number | string> {
    const { bundle, configPath, environment, logPath } = this.#options;
    // Without waiting, so that between two processes there is no moment at which a signal gets lost.
    const log = openSync(logPath, 'a');
    this.#sent = undefined;
    const child = spawn(process.execPath, ['--import', PRELOAD, bundle, 'start', '--config', configPath], {
      env: { ...environment, CHAOS_CLOCK_SKEW_MS: String(this.#skewMs), NODE_NO_WARNINGS: '1' },
      stdio: ['pipe', log, log],
    });
    this.#process = child;
    closeSync(log);
    // The pipe breaks when the process is killed.
    child.stdin?.on('error', () => undefined);
    const [code, signal]: (number | string | null)[] = await once(child, 'exit');
    this.#process = undefined;
    return code ?? signal ?? 'nothing';
  }
}
