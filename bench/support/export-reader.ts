import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** How one reading of an export went. */
export interface Reading {
  readonly ms: number;
  /** The most that the process had resident, in MB. */
  readonly peakMb: number;
}

const SCRIPT = fileURLToPath(new URL('./export-reader-process.ts', import.meta.url));

/** Verifies an export, or only hashes its bytes, in a process of its own. */
export async function readExport(what: 'verify' | 'hash', path: string): Promise<Reading> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, what, path]);
  return JSON.parse(stdout);
}
