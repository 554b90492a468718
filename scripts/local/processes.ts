import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { ChildOutput } from './child-output.ts';
import { LocalFault } from './local-fault.ts';
import { ensurePrivateFolder } from './private-file.ts';

const EXIT_WITH_PARENT = import.meta.resolve('@countersign/serve/exit-with-parent');

/** A Node script to run as a process of its own. */
export type ChildSpec<Ready> = {
  /** Names the child in messages and its log file: kebab-case, unique among the running ones. */
  name: string;
  script: string;
  args: string[];
  /** Set on top of this process's environment. The place for secrets: arguments are visible to everybody. */
  env: Record<string, string>;
  /** What the child says of itself when it is ready, or null for a line that is not the ready line. */
  readReady: (line: string) => Ready | null;
  readyTimeoutMs: number;
};

/** How a child ended; one of the two is null. */
export type ChildExit = { code: number | null; signal: NodeJS.Signals | null };

/** A child that is ready. */
export type RunningChild<Ready> = {
  ready: Ready;
  process: ChildProcess;
  /** Settles when the child has ended, asked or not, and all its output has been read. */
  exited: Promise<ChildExit>;
  /** SIGTERM, then SIGKILL if that has not ended it within the grace time. */
  stop: () => Promise<void>;
};

/**
 * The child processes of the local stack. Each writes its output to `<name>.log` in the log folder. Each
 * leads a process group of its own, so that Ctrl-C in the terminal reaches only the parent, which then
 * stops them in order; and each ends with the parent, also when that is killed (exit-with-parent.ts).
 */
export class Processes {
  readonly #logFolder: string;
  readonly #stopGraceMs: number;
  readonly #stops: (() => Promise<void>)[] = [];
  #stopping = false;

  constructor(options: { logFolder: string; stopGraceMs: number }) {
    this.#logFolder = options.logFolder;
    this.#stopGraceMs = options.stopGraceMs;
  }

  /**
   * Starts a child and waits until it is ready.
   *
   * @throws LocalFault `child_exited` or `child_not_ready` (which stops it), with its last output;
   *   `stopping` once `stopAll` was called
   */
  async start<Ready>(spec: ChildSpec<Ready>): Promise<RunningChild<Ready>> {
    await ensurePrivateFolder(this.#logFolder);
    if (this.#stopping)
      throw new LocalFault(`${spec.name} was not started: all is stopping.`, { code: 'stopping' });
    const child = spawn(process.execPath, ['--import', EXIT_WITH_PARENT, spec.script, ...spec.args], {
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    const exited = whenExited(child);
    const stop = () => stopChild(child, exited, this.#stopGraceMs);
    this.#stops.push(stop);
    try {
      const ready = await whenReady(spec, child, join(this.#logFolder, `${spec.name}.log`), exited);
      return { ready, process: child, exited, stop };
    } catch (cause) {
      await stop();
      throw cause;
    }
  }

  /** Stops all children, the youngest first, and starts no more. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    for (const stop of this.#stops.toReversed()) await stop();
  }
}

async function whenReady<Ready>(
  spec: ChildSpec<Ready>,
  child: ChildProcess,
  logPath: string,
  exited: Promise<ChildExit>,
): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  let waiting = true;
  const output = new ChildOutput(child, logPath, (line) => {
    const ready = waiting ? spec.readReady(line) : null;
    if (ready !== null) resolve(ready);
  });
  const fail = (code: 'child_exited' | 'child_not_ready', what: string) =>
    reject(new LocalFault(`${spec.name} ${what}. ${output.describe()}`, { code }));
  exited.then((exit) => fail('child_exited', `${describeExit(exit)} before it was ready`), reject);
  const timer = setTimeout(
    () => fail('child_not_ready', `was not ready after ${spec.readyTimeoutMs / 1000} s`),
    spec.readyTimeoutMs,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    waiting = false;
  }
}

function describeExit(exit: ChildExit): string {
  return exit.signal === null ? `ended with code ${exit.code}` : `was ended by ${exit.signal}`;
}

/** 'close' rather than 'exit': by then all that the child printed has been read. */
function whenExited(child: ChildProcess): Promise<ChildExit> {
  const { promise, resolve, reject } = Promise.withResolvers<ChildExit>();
  child.on('error', reject);
  child.once('close', (code, signal) => resolve({ code, signal }));
  return promise;
}

async function stopChild(child: ChildProcess, exited: Promise<ChildExit>, graceMs: number): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  // A child that could not be started has nothing to end.
  await Promise.allSettled([exited]);
  clearTimeout(timer);
}
