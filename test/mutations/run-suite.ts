import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleSimulation } from './bundle-simulation.ts';
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
export async function simulate({ from, seeds }: Seeds, mutation: Mutation | undefined): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-mutation-'));
  try {
    const program = join(folder, 'simulation.mjs');
    await bundleSimulation(program, mutation);
    return await run([program, String(from), String(seeds)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs those tests of files whose names hold the text, likewise. */
export function runTests(
  files: readonly string[],
  tests: string,
  mutation: Mutation | undefined,
): Promise<Run> {
  const config = join(import.meta.dirname, 'vitest.mutated.config.ts');
  const variable = mutation === undefined ? {} : { [MUTATION_VARIABLE]: JSON.stringify(mutation) };
  return run([VITEST, 'run', '--config', config, '--testNamePattern', tests, ...files], variable);
}

function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Run> {
  const { VITEST: _inner, ...environment } = process.env;
  const env = { ...environment, ...variables };
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
