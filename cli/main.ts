import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from './exit-codes.ts';
import { askHidden } from './hidden-prompt.ts';
import { linesOf } from './output/lines-of.ts';
import { run } from './run.ts';

const aborted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    aborted.abort(new Error(`stopped by ${signal}`));
    process.once(signal, () => process.exit(exitCodes.failed));
  });
}

// Whoever reads may go away, as `head` does.
process.stdout.on('error', () => process.exit(exitCodes.failed));

/** Of a terminal that does not say how high it is. */
const USUAL_HEIGHT = 24;

/** Asked on stderr, since stdout is for the answer. Whoever leaves instead has typed nothing. */
async function ask(question: string): Promise<string | undefined> {
  if (process.stdin.isTTY !== true) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Without these the question would stay open, and the process end as if all were well.
  const left = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  lines.once('SIGINT', () => lines.close());
  try {
    return await Promise.race([lines.question(question), left]);
  } finally {
    lines.close();
  }
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Nobody pipes a terminal, nor what stands in the place of one where there is none. */
function isPiped(): boolean {
  try {
    const input = fstatSync(process.stdin.fd);
    return input.isFIFO() || input.isFile() || input.isSocket();
  } catch {
    return false;
  }
}

/** The address is printed too, so nothing is lost where there is no browser. */
function openBrowser(url: string): void {
  const [program = 'xdg-open', ...args] = openers[process.platform] ?? [];
  const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

function end(code: number): void {
  process.exitCode = code;
  // What is written to a pipe may still be on its way: the process ends by itself, and this is if something holds it.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

run(process.argv.slice(2), {
  environment: process.env,
  print: (piece) => void process.stdout.write(piece),
  complain: (piece) => void process.stderr.write(piece),
  isTerminal: process.stdout.isTTY === true,
  screenHeight: () => process.stdout.rows || USUAL_HEIGHT,
  now: () => Date.now(),
  readInput: () => text(process.stdin),
  inputLines: () => (isPiped() ? linesOf(process.stdin) : undefined),
  ask,
  askHidden,
  openBrowser,
  pause: (milliseconds) => pause(milliseconds, undefined, { signal: aborted.signal }),
  signal: aborted.signal,
}).then(end, (error: unknown) => {
  if (aborted.signal.aborted) return end(exitCodes.failed);
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`a fault of this program, not yours: ${what}\n`);
  return end(exitCodes.failed);
});
