import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Resident memory of the workerd that this process started, in MB; undefined where the system has no `ps`. */
export async function workerdMemoryMb(): Promise<number | undefined> {
  const kilobytes = (await ownWorkerds()).map(({ rss }) => rss).reduce((sum, rss) => sum + rss, 0);
  return kilobytes === 0 ? undefined : kilobytes / 1_024;
}

/** How many files it has open, databases of objects among them; undefined where the system has no `/proc`. */
export async function workerdOpenFiles(): Promise<number | undefined> {
  const own = await ownWorkerds();
  const counts = await Promise.all(own.map(({ pid }) => readdir(`/proc/${pid}/fd`).catch(() => undefined)));
  const known = counts.filter((files) => files !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, files) => sum + files.length, 0);
}

async function ownWorkerds(): Promise<readonly { readonly pid: number; readonly rss: number }[]> {
  const listed = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm=']).catch(
    () => undefined,
  );
  return (listed?.stdout ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, , name]) => Number(parent) === process.pid && name?.includes('workerd'))
    .map(([pid, , rss]) => ({ pid: Number(pid), rss: Number(rss) }));
}
