import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The processes that this very process started and whose program's path holds the name; never anybody else's. */
export async function childrenNamed(name: string): Promise<number[]> {
  const all = process.platform === 'linux' ? await fromProc() : await fromPs();
  return all
    .filter(({ parent, path }) => parent === process.pid && path.includes(name))
    .map(({ pid }) => pid);
}

interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly path: string;
}

async function fromProc(): Promise<Found[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  return Promise.all(
    pids.map(async (pid) => {
      // One that ends meanwhile is nobody's.
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // Behind the name, which stands in brackets and can hold anything: the state, then the parent.
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const path = await readlink(`/proc/${pid}/exe`).catch(() => '');
      return { pid, parent: Number(parent), path };
    }),
  );
}

async function fromPs(): Promise<Found[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,comm=']);
  return stdout.split('\n').map((line) => {
    const [pid, parent, path = ''] = line.trim().split(/\s+/, 3);
    return { pid: Number(pid), parent: Number(parent), path };
  });
}
