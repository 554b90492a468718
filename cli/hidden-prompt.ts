import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks on stderr for something that nobody shall read there; undefined where nobody can be asked. */
export async function askHidden(question: string): Promise<string | undefined> {
  if (process.stdin.isTTY !== true) return undefined;
  // The line editor draws what is typed: it draws into nothing.
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  const left = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  lines.once('SIGINT', () => lines.close());
  try {
    process.stderr.write(question);
    return await Promise.race([lines.question(''), left]);
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
