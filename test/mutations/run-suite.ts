import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { MUTATION_VARIABLE, type Mutation } from './mutation.ts';

const ROOT = join(import.meta.dirname, '../..');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Runs seeds of the simulation as a process of its own, on the mutated source where there is a mutation. */
export function simulate(seeds: number, mutation: Mutation | undefined): Promise<Run> {
  const hook = ['--import', join(import.meta.dirname, 'mutate-modules.ts')];
  return run([...hook, join(ROOT, 'test/simulation/run.ts'), '--seeds', String(seeds)], mutation);
}

/** Runs one of the test files of the runner, likewise. */
export function runTests(file: string, mutation: Mutation | undefined): Promise<Run> {
  return run(
    [VITEST, 'run', '--config', join(import.meta.dirname, 'vitest.mutated.config.ts'), file],
    mutation,
  );
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
