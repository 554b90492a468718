import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Resident memory of the workerd that this process started, in MB; undefined where the system has no `ps`. */
export async function workerdMemoryMb(): Promise<number | undefined> {
  const listed = await promisify(execFile)('ps', ['-A', '-o', 'ppid=,rss=,comm=']).catch(() => undefined);
  const processes = (listed?.stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  const own = processes.filter(
    ([parent, , name]) => Number(parent) === process.pid && name?.includes('workerd'),
  );
  const kilobytes = own.map(([, rss]) => Number(rss)).reduce((sum, rss) => sum + rss, 0);
  return kilobytes === 0 ? undefined : kilobytes / 1_024;
}
