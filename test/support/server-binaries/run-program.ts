import { spawn } from 'node:child_process';
import { tailOf } from './guarded-process.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the program reads. */
  readonly input?: string;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** Runs a program to its end and gives what it wrote; throws with its complaints when it fails. */
export async function runProgram(
  [program = '', ...args]: readonly string[],
  { input = '', ...options }: ProgramOptions = {},
): Promise<string> {
  const run = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  run.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const complaints = tailOf(run.stderr);
  // A program that ends without having read everything says why itself.
  run.stdin.on('error', () => undefined);
  run.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    run.once('error', (error) => reject(new Error(`${program} could not be started`, { cause: error })));
    run.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaints().trim()}`);
  return Buffer.concat(chunks).toString();
}
