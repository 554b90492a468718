import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { MUTATION_VARIABLE, type Mutation } from './mutation.ts';

const ROOT = join(import.meta.dirname, '../..');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

export interface Seeds {
  readonly from: number;
  readonly seeds: number;
}

/** Runs seeds of the simulation until one fails, on the mutated source where there is a mutation. */
export function simulate({ from, seeds }: Seeds, mutation: Mutation | undefined): Promise<Run> {
  const hook = ['--import', join(import.meta.dirname, 'mutate-modules.ts')];
  const range = ['--from', String(from), '--seeds', String(seeds), '--threads', '1', '--until-failure'];
  return run([...hook, join(ROOT, 'test/simulation/run.ts'), ...range], mutation);
}

/** Runs those tests of a file whose names hold the text, likewise. */
export function runTests(file: string, tests: string, mutation: Mutation | undefined): Promise<Run> {
  const config = join(import.meta.dirname, 'vitest.mutated.config.ts');
  return run([VITEST, 'run', '--config', config, '--testNamePattern', tests, file], mutation);
}

function run(args: readonly string[], mutation: Mutation | undefined): Promise<Run> {
  const { VITEST: _inner, ...environment } = process.env;
  const env = {
    ...environment,
    ...(mutation === undefined ? {} : { [MUTATION_VARIABLE]: JSON.stringify(mutation) }),
  };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
