import { type ChildProcess, spawn } from 'node:child_process';

export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type ProgramEnd =
  | { readonly started: false; readonly ended?: 'stopped' }
  | {
      readonly started: true;
      /** null when a signal ended it. */
      readonly exitCode: number | null;
      /** The end of standard output, as much as is kept. */
      readonly stdout: string;
      /** Why it was told to end, when it was. */
      readonly ended: 'timed_out' | 'stopped' | undefined;
    };

const MOST_OUTPUT_BYTES = 65_536;
/** Between asking a program to end and ending it. */
const GRACE_MS = 2_000;
/** What escaped its group may hold the output open for ever. */
const OUTPUT_GRACE_MS = 1_000;

/** Runs a program in a process group of its own, of which nothing is left when this resolves. Never rejects. */
export function runProgram(run: Program): Promise<ProgramEnd> {
  const { args, cwd, environment, program, signal, stdin, timeoutMs } = run;
  if (signal.aborted) return Promise.resolve({ started: false, ended: 'stopped' });
  const child = spawn(program, args, {
    cwd,
    env: environment,
    shell: false,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const stdout = collected(child);
  const cut = cutter(child, timeoutMs, signal);
  // It need not read what it is given.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return new Promise((resolve) => {
    child.once('error', () => {
      cut.clear();
      if (child.pid === undefined) resolve({ started: false });
    });
    child.once('exit', (exitCode) => {
      cut.clear();
      signalGroup(child, 'SIGKILL');
      const last = setTimeout(() => child.stdout.destroy(), OUTPUT_GRACE_MS);
      child.once('close', () => {
        clearTimeout(last);
        resolve({ started: true, exitCode, stdout: stdout(), ended: cut.why() });
      });
    });
  });
}

/** Reads all of the output, lest the program wait for a reader, and keeps the end. */
function collected(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  child.stdout?.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-MOST_OUTPUT_BYTES);
  });
  return () => kept.toString('utf8');
}

/** Ends the group when time is up or the runner stops: first by asking. */
function cutter(child: ChildProcess, timeoutMs: number, signal: AbortSignal) {
  let why: 'timed_out' | 'stopped' | undefined;
  let force: NodeJS.Timeout | undefined;
  const end = (reason: 'timed_out' | 'stopped') => {
    if (why !== undefined) return;
    why = reason;
    signalGroup(child, 'SIGTERM');
    force = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  };
  const stop = () => end('stopped');
  const timer = setTimeout(() => end('timed_out'), timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  return {
    why: () => why,
    clear: () => {
      clearTimeout(timer);
      clearTimeout(force);
      signal.removeEventListener('abort', stop);
    },
  };
}

function signalGroup({ pid }: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    // There is nobody left, or (macOS) only what is already dead.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
