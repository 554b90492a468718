import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runFolder } from './run-folder.ts';

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The built runner as a process, and what it logs. */
export class RunnerProcess {
  readonly process: ChildProcess;
  readonly lines: LogLine[] = [];
  /** All that it ever wrote, to look for secrets in. */
  text = '';
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #exited: Promise<number | string>;

  constructor(bundle: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
    this.process = spawn(process.execPath, [bundle, ...args], {
      // What one of them has compiled, the others need not: they are started by the hundred.
      env: { ...environment, NODE_COMPILE_CACHE: join(runFolder(), 'compiled') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.process;
    if (stdout === null || stderr === null) throw new Error('the runner has no pipes');
    createInterface({ input: stdout }).on('line', (line) => {
      this.text += `${line}\n`;
      this.lines.push(JSON.parse(line));
      this.#events.emit('line');
    });
    stderr.on('data', (data) => {
      this.text += data;
      this.#events.emit('line');
    });
    this.#exited = once(this.process, 'close').then(([code, signal]) => code ?? signal);
  }

  /** Resolves with the first line of that event from the given one on; fails if the runner ends before. */
  async logged(event: string, from = 0): Promise<LogLine> {
    for (;;) {
      const line = this.lines.slice(from).find((each) => each.event === event);
      if (line !== undefined) return line;
      const ended = await Promise.race([once(this.#events, 'line'), this.#exited]);
      if (!Array.isArray(ended) && !this.lines.some((each) => each.event === event)) {
        throw new Error(`the runner ended (${ended}) before it logged ${event}:\n${this.text}`);
      }
    }
  }

  /** Resolves when it has written that text; fails if the runner ends without. */
  async wrote(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      const ended = await Promise.race([once(this.#events, 'line'), this.#exited]);
      if (!Array.isArray(ended) && !this.text.includes(text)) {
        throw new Error(`the runner ended (${ended}) before it wrote ${text}:\n${this.text}`);
      }
    }
  }

  /** The exit code, or the signal that ended it. */
  exit(): Promise<number | string> {
    return this.#exited;
  }
}
