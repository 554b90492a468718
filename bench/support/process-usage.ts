import { readFile } from 'node:fs/promises';
import { NotMeasurable } from './bench.ts';

/** Linux counts a process's time in hundredths of a second, whatever its kernel's clock. */
const MS_A_TICK = 10;

/** The processor time that a process has used so far, user and system, in milliseconds. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readProc(pid, 'stat');
  // The name, in brackets, may hold anything; what follows it are numbers.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
}

/** Its resident memory, in MB. */
export async function residentMb(pid: number): Promise<number> {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readProc(pid, 'status'))?.[1];
  if (kilobytes === undefined) throw new NotMeasurable(`process ${pid} has no resident memory`);
  return Number(kilobytes) / 1_024;
}

async function readProc(pid: number, file: 'stat' | 'status'): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (cause) {
    throw new NotMeasurable(`this system tells nothing of a process in /proc/${pid}/${file}`, { cause });
  }
}
