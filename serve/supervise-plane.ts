import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readLogLine } from '@countersign/protocol/log/log-line';
import { type PlaneWish, planeChild } from './plane-child.ts';
import { logOutput } from './plane-log.ts';
import { readFaultLine, ServeFault } from './serve-fault.ts';

/** Longer than the plane itself gives to what it has begun. */
const STOP_WITHIN_MS = 10_000;

/** A plane that serves. */
export interface SupervisedPlane {
  readonly url: string;
  /** Where its store was copied to before its schema was changed; null where it was not changed. */
  readonly copy: string | null;
  /** Settles when its process has ended, asked or not, and nothing of it is left. */
  readonly ended: Promise<unknown>;
  /** Lets it finish what it has begun, for a few seconds, and ends it. */
  stop(): Promise<void>;
}

/**
 * Starts a plane in a process of its own and waits until it serves, however long its schema takes. It ends with this
 * process, also when that is killed. Throws `ServeFault`; after an abort of the signal too.
 */
export async function supervisePlane(
  wish: PlaneWish,
  write: (line: string) => void,
  signal: AbortSignal,
): Promise<SupervisedPlane> {
  const { env, readReady, script } = planeChild(wish);
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C in a terminal reaches this process alone, and what the plane leaves can be found.
    detached: true,
  });
  // A process that was killed could not end its workerd.
  child.once('exit', () => killGroup(child));
  const ended = once(child, 'close');
  const stopAtOnce = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', stopAtOnce);
  try {
    const begun = await whenReady(child, ended, readReady, write);
    return { ...begun, ended, stop: () => stop(child, ended) };
  } finally {
    signal.removeEventListener('abort', stopAtOnce);
  }
}

async function whenReady(
  child: ChildProcess,
  ended: Promise<unknown>,
  readReady: (line: string) => string | null,
  write: (line: string) => void,
): Promise<Pick<SupervisedPlane, 'url' | 'copy'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<SupervisedPlane, 'url' | 'copy'>>();
  let isReady = false;
  let copy: string | null = null;
  const hear = (line: string) => {
    const url = isReady ? null : readReady(line);
    const refusal = isReady ? null : readFaultLine(line);
    if (url !== null) {
      isReady = true;
      resolve({ url, copy });
    } else if (refusal !== null) reject(refusal);
    else {
      if (!isReady) copy = readLogLine(line)?.copy ?? copy;
      logOutput(write, line);
    }
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', hear);
  }
  ended.then(() => reject(planeEnded('before it served')), reject);
  return promise;
}

/** The plane is no more, and nobody had asked it to end. */
export function planeEnded(when: string): ServeFault {
  return new ServeFault({
    code: 'plane_ended',
    message: `the plane ended by itself ${when}`,
    holds: 'whatever it acknowledged is stored',
    next: 'read the end of the log, and start it again',
  });
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  if (child.connected) child.send('stop');
  await ended;
  clearTimeout(limit);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group, which is what was wanted.
  }
}
