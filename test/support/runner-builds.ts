import { join } from 'node:path';
import { buildRunner } from '@countersign/runner/build';
import { runFolder } from './run-folder.ts';

type Kind = 'shipped' | 'failpoints';
const builds = new Map<Kind, Promise<string>>();

/** The runner as it is shipped, as one file, built when it is first asked for, whatever number of files use it. */
export function builtRunner(): Promise<string> {
  return built('shipped');
}

/** The same with failpoints. */
export function builtRunnerWithFailpoints(): Promise<string> {
  return built('failpoints');
}

function built(kind: Kind): Promise<string> {
  const outDir = join(runFolder(), 'runner');
  const build = builds.get(kind) ?? buildRunner({ outDir, failpoints: kind === 'failpoints' });
  builds.set(kind, build);
  return build;
}
