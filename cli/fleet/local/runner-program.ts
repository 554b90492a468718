import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { exitCodes } from '../../exit-codes.ts';
import { CliFault } from '../../fault.ts';

const FILE = 'countersign-runner.js';

/**
 * The built runner: the one that is named, or the one beside this program, or of the same clone. Throws `CliFault`.
 *
 * @param program the file that runs now
 */
export function runnerProgram(named: string | undefined, program: string): string {
  const here = dirname(resolve(program));
  const candidates =
    named === undefined ? [join(here, FILE), join(here, '../../runner/dist', FILE)] : [named];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return resolve(found);
  throw new CliFault(`the runner is not there: ${candidates.join(', ')}`, {
    code: exitCodes.failed,
    next: 'name its file with --runner; in a clone, npm run build',
  });
}
