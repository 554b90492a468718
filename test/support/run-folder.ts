import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { memoryFolder } from './memory-folder.ts';

/** In the environment, where the processes that run test files find what the one that started them made. */
const VARIABLE = 'COUNTERSIGN_RUN_FOLDER';

/** A folder for what all files of a run share, be it a run of tests or a drill. It goes with the process that asked first. */
export function runFolder(): string {
  const made = process.env[VARIABLE];
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(memoryFolder(), 'countersign-run-'));
  process.env[VARIABLE] = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Before any test, so that all of them are children of the process that made it. */
export function setup(): void {
  runFolder();
}
