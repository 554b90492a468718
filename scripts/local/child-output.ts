import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Enough to show a stack trace, and not so much that the reason scrolls away. */
const LAST_LINES = 20;

/** What a child prints: all of it goes to its log file, the last lines are remembered. */
export class ChildOutput {
  readonly #logPath: string;
  readonly #last: string[] = [];

  /**
   * @param logPath begun anew
   * @param onLine gets each line of stdout and stderr
   */
  constructor(child: ChildProcess, logPath: string, onLine: (line: string) => void) {
    this.#logPath = logPath;
    const log = createWriteStream(logPath, { mode: 0o600 });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        this.#last.push(line);
        if (this.#last.length > LAST_LINES) this.#last.shift();
        onLine(line);
      });
    }
    child.once('close', () => log.end());
  }

  /** The last lines and where to find the rest, for a message. */
  describe(): string {
    const lines = this.#last.length === 0 ? ['(it printed nothing)'] : this.#last;
    return `Its last output:\n${lines.map((line) => `  ${line}\n`).join('')}All of it: ${this.#logPath}`;
  }
}
