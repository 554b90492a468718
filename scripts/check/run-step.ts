import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Step } from './steps.ts';
import { NOTHING, type Tally, tallyOfVitest } from './tally.ts';

export interface StepResult {
  readonly step: Step;
  readonly tally: Tally;
  readonly seconds: number;
  /** Everything that the step wrote to both of its streams, in order. */
  readonly output: string;
}

/** How long what a step started may outlive it before it is stopped: a well-behaved one is gone at once. */
const GRACE_MS = 2_000;
const root = join(import.meta.dirname, '../..');
const running = new Set<ChildProcess>();

/** Runs a step to its end. Never throws: a step that cannot be started, crashes or hangs has failed. */
export async function runStep(step: Step): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const report = join(folder, 'report.json');
  const args = step.command.slice(1);
  if (step.kind === 'vitest')
    args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const begun = performance.now();
  const { output, exitedWell } = await runProcess(step.command[0], args, step.limitSeconds);
  const seconds = (performance.now() - begun) / 1000;
  const tally = step.kind === 'vitest' ? tallyOfVitest(read(report), exitedWell) : tallyOfCheck(exitedWell);
  rmSync(folder, { recursive: true });
  return { step, tally, seconds, output };
}

/** Stops every step that is running, and all that those started. */
export function stopSteps(): void {
  for (const child of running) signalGroup(child, 'SIGKILL');
}

function tallyOfCheck(exitedWell: boolean): Tally {
  return exitedWell ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function runProcess(
  command: string,
  args: readonly string[],
  limitSeconds: number,
): Promise<{ output: string; exitedWell: boolean }> {
  return new Promise((resolve) => {
    let output = '';
    let hung = false;
    // Its own process group, so that what it leaves behind can be found and stopped with it.
    const child = spawn(command, args, {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const limit = setTimeout(() => {
      hung = true;
      output += `\nstopped: still running after ${limitSeconds} s\n`;
      signalGroup(child, 'SIGKILL');
    }, limitSeconds * 1000);
    // A process that was left behind holds the streams open, and `close` would never come.
    child.on('exit', () => setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS).unref());
    child.on('error', (error) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ output: `${output}\n${error.message}\n`, exitedWell: false });
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      signalGroup(child, 'SIGKILL');
      running.delete(child);
      if (signal !== null && !hung) output += `\nended by ${signal}\n`;
      resolve({ output, exitedWell: code === 0 && !hung });
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group, which is what was wanted.
  }
}

/** The caller's, with our tools first on the PATH whoever started us, and with colour only for a terminal. */
function environment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...rest } = process.env;
  return {
    ...rest,
    ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
    PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  };
}
