import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const GONE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;

/**
 * Ends every workerd of a process group whose leader has ended: it was killed together with its supervisor, and nobody
 * was left to end what it had started. The number of a group is not used again while one of its members lives. Killing
 * is safe: what workerd has acknowledged is on the disk.
 */
export async function endOrphans(group: number): Promise<void> {
  const orphans = orphansIn(await listProcesses(), group);
  for (const pid of orphans) signal(pid, 'SIGKILL');
  for (let waited = 0; waited < GONE_WITHIN_MS && orphans.some((pid) => signal(pid, 0)); ) {
    await pause(LOOK_EVERY_MS);
    waited += LOOK_EVERY_MS;
  }
}

/**
 * The numbers of a group's workerd processes, from lines of pid, group and program. None where the leader lives: then the
 * number was used again, and the group is somebody else's.
 */
export function orphansIn(listing: string, group: number): number[] {
  const processes = listing.split('\n').flatMap((line) => {
    const [, pid, of, program = ''] = /^\s*(\d+)\s+(\d+)\s+(.*\S)/.exec(line) ?? [];
    return Number(of) === group ? [{ pid: Number(pid), program: basename(program) }] : [];
  });
  if (processes.some(({ pid }) => pid === group)) return [];
  return processes.filter(({ program }) => program === 'workerd').map(({ pid }) => pid);
}

/** Empty where there is no `ps`: in an image with nothing else in it, whose processes all end with the first. */
async function listProcesses(): Promise<string> {
  try {
    return (await promisify(execFile)('ps', ['-A', '-o', 'pid=,pgid=,comm='])).stdout;
  } catch {
    return '';
  }
}

/** Whether there was somebody to signal. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
