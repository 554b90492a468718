import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export const HOST = '127.0.0.1';
/** Somebody else may take the free port first. */
const MOST_STARTS = 3;
/** No account is made for what may not run as root: this number is nobody's on every system. */
const NOBODY = 65_534;
const MOST_CHARACTERS = 16_384;

export interface GuardedOptions {
  /** The server's own folder. It goes when the server is not to come back. */
  readonly folder: string;
  readonly command: readonly string[];
  /** What the server writes to its error output when it takes connections. */
  readonly ready: string;
  /** Ends the server when this process is gone: `QUIT`, `KILL`. */
  readonly signal: string;
  readonly account: { readonly uid?: number; readonly gid?: number };
}

/** A server that ends with the process that started it, however that ends. */
export class GuardedProcess {
  readonly #guard: ChildProcess;
  readonly #pid: number;

  private constructor(guard: ChildProcess, pid: number) {
    this.#guard = guard;
    this.#pid = pid;
  }

  /** Resolves when the server takes connections; throws with the end of its log when it ends before. */
  static async start({ folder, command, ready, signal, account }: GuardedOptions): Promise<GuardedProcess> {
    const guard = spawn('/bin/sh', ['-c', guardScript, 'guard', folder, signal, ...command], {
      ...account,
      // Not in the group that a terminal or a build server ends: what clears up ends last.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const pid = once(guard.stdout as Readable, 'data');
    const log = tailOf(guard.stderr);
    await new Promise<void>((resolve, reject) => {
      guard.stderr?.on('data', () => log().includes(ready) && resolve());
      guard.once('exit', () => reject(new Error(`the server did not start: ${log()}`)));
    });
    return new GuardedProcess(guard, Number(String((await pid)[0])));
  }

  get isRunning(): boolean {
    return this.#guard.exitCode === null && this.#guard.signalCode === null;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(this.#guard, 'exit');
    process.kill(this.#pid, signal);
    await ended;
    this.#guard.stdio[3]?.destroy();
  }
}

/** From here on the guard removes the folder, even if this process is ended in the middle. It may be gone already. */
export async function markFinished(folder: string): Promise<void> {
  if (existsSync(folder)) await writeFile(join(folder, 'finished'), '');
}

/**
 * Runs the server ($3 ...) and prints its pid. Descriptor 3 is a pipe that this process holds open: when it is gone,
 * reading ends and the server is stopped ($2). A server that is not to come back leaves no folder ($1) behind. The shell
 * tells of killed children, and would itself die of telling nobody: hence no output of its own.
 */
const guardScript = `folder=$1; signal=$2; shift 2
"$@" 3<&- & server=$!
echo $server
exec >/dev/null 2>&1
(cat <&3; touch "$folder/finished"; kill -$signal $server) & watch=$!
exec 3<&-
wait $server
kill $watch
if [ -e "$folder/finished" ]; then rm -rf "$folder"; fi`;

/** Calls `launch` with a free port, and with another where that one is taken in the meantime. */
export async function onFreePort(launch: (port: number) => Promise<void>): Promise<void> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await launch(await freePort());
    } catch (error) {
      if (starts === MOST_STARTS) throw error;
    }
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account for a server that refuses to run as root. */
export function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Gives the end of what a stream said so far. */
export function tailOf(stream: Readable | null): () => string {
  let text = '';
  stream?.on('data', (data) => {
    text = `${text}${data}`.slice(-MOST_CHARACTERS);
  });
  return () => text;
}
