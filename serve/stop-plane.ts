import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './error-code.ts';
import { findPlane, isHeld } from './running-plane.ts';
import { ServeFault } from './serve-fault.ts';
import { storePaths } from './store-paths.ts';

const LOOK_EVERY_MS = 50;
/** Twice what a plane is given to end. */
const STOPPED_WITHIN_MS = 30_000;

/** Stops the plane of a store and waits until it has ended; the number of its process. Throws `ServeFault`. */
export async function stopPlane(store: string, signal: AbortSignal): Promise<number> {
  const found = await findPlane(store);
  if (!found.isRunning) throw notRunning(store, found.stalePid);
  const pid = found.process?.pid;
  if (pid === undefined) throw notStopped(store, 'its PID file cannot be read');
  signalEnd(store, pid);
  const { lock } = storePaths(store);
  for (let waited = 0; isHeld(lock); waited += LOOK_EVERY_MS) {
    if (waited > STOPPED_WITHIN_MS)
      throw notStopped(store, `process ${pid} has not ended after ${STOPPED_WITHIN_MS / 1000} s`);
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  return pid;
}

function signalEnd(store: string, pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (cause) {
    // One that has ended meanwhile has given its lock back, which is what is waited for.
    if (errorCode(cause) === 'ESRCH') return;
    throw notStopped(store, `process ${pid} cannot be told to end (${errorCode(cause)})`);
  }
}

function notRunning(store: string, stalePid: number | null): ServeFault {
  const left =
    stalePid === null
      ? ''
      : `; its PID file was left by process ${stalePid}, which was killed or went down with the machine`;
  return new ServeFault({
    code: 'not_running',
    message: `nothing serves the store ${store}${left}`,
    holds: 'whatever was acknowledged is stored',
    next: 'countersign serve --daemon starts it',
  });
}

function notStopped(store: string, why: string): ServeFault {
  return new ServeFault({
    code: 'not_stopped',
    message: `what serves the store ${store} was not stopped: ${why}`,
    holds: 'it may still serve; what was acknowledged is stored',
    next: 'countersign status, and kill -9 the process that it names if nothing else helps: nothing is lost by that',
  });
}
