import { Readable } from 'node:stream';
import { linesOf } from '../output/lines-of.ts';
import { run } from '../run.ts';
import type { World } from '../world.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Circumstances extends Partial<Omit<World, 'print' | 'complain'>> {
  /** What stands on the standard input. */
  readonly input?: string;
  /** What a person types each time, or one after the other; nobody is there without. */
  readonly typed?: string | readonly string[];
  /** What a person types that nobody shall see. */
  readonly typedHidden?: string;
  /** Told what is said on stderr, as it is said. */
  readonly hear?: (text: string) => void;
  /** The same of what is printed. */
  readonly listen?: (text: string) => void;
}

/** Runs a command in this process, with nothing of the real environment. */
export async function runCli(args: readonly string[], circumstances: Circumstances = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  let answered = 0;
  const { hear, input, listen, typed, typedHidden, ...world } = circumstances;
  const code = await run(args, {
    environment: {},
    isTerminal: false,
    screenHeight: () => 24,
    now: () => Date.now(),
    readInput: async () => input ?? '',
    inputLines: () => (input === undefined ? undefined : linesOf(Readable.from([Buffer.from(input)]))),
    ask: async (question) => {
      if (typed !== undefined) err.push(question);
      return Array.isArray(typed) ? typed[answered++] : typed;
    },
    askHidden: async (question) => {
      if (typedHidden !== undefined) err.push(question);
      return typedHidden;
    },
    openBrowser: () => undefined,
    pause: async () => undefined,
    signal: new AbortController().signal,
    ...world,
    print: (text) => {
      out.push(text);
      listen?.(text);
    },
    complain: (text) => {
      err.push(text);
      hear?.(text);
    },
  });
  return { code, out: out.join(''), err: err.join('') };
}
