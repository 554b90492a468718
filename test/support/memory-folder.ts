import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Bytes that the largest suite keeps there at once, with room to spare. */
const ROOM = 1_000_000_000;

/** In memory where the system has such a folder with room in it: what tests ask of a disk is only time. */
export function memoryFolder(): string {
  const folder = '/dev/shm';
  if (!existsSync(folder)) return tmpdir();
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ROOM ? folder : tmpdir();
}
