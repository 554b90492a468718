import { createInterface } from 'node:readline';
import type { Fault } from './answers.ts';

/** Puts one question to a person. */
export interface Asker {
  /** The answer without blanks around it; empty for none. Throws `AskingEnded`. */
  ask(question: string): Promise<string>;
  tell(text: string): void;
}

/** The person went away: the end of the input, or Ctrl-C. */
export class AskingEnded extends Error {
  override readonly name = 'AskingEnded';
}

interface Waiting {
  resolve(line: string): void;
  reject(reason: Error): void;
}

/**
 * Asks on a terminal. What is printed goes to `output`, so that the command's own answer stays apart from it. Lines that
 * come before their question, as when somebody pastes several, are kept for it.
 */
export function terminalAsker(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Asker & { close(): void } {
  const lines = createInterface({ input, output });
  const early: string[] = [];
  let waiting: Waiting | undefined;
  let isClosed = false;
  lines.on('line', (line) => {
    if (waiting === undefined) early.push(line);
    else waiting.resolve(line);
    waiting = undefined;
  });
  lines.once('close', () => {
    isClosed = true;
    waiting?.reject(new AskingEnded('nobody answers any more'));
  });
  const next = () =>
    new Promise<string>((resolve, reject) => {
      const line = early.shift();
      if (line !== undefined) resolve(line);
      else if (isClosed) reject(new AskingEnded('nobody answers any more'));
      else waiting = { resolve, reject };
    });
  return {
    ask: async (question) => {
      if (isClosed) output.write(question);
      else {
        lines.setPrompt(question);
        lines.prompt();
      }
      return (await next()).trim();
    },
    tell: (text) => void output.write(text),
    close: () => lines.close(),
  };
}

export interface Question {
  readonly text: string;
  /** What an empty answer means; without it there must be one. */
  readonly usual?: string | undefined;
  readonly faultOf: (answer: string) => Fault;
}

/** Asks until the answer is one. */
export async function askUntil(asker: Asker, { faultOf, text, usual }: Question): Promise<string> {
  for (;;) {
    const answer = await asker.ask(`${text}${usual === undefined || usual === '' ? '' : ` [${usual}]`}: `);
    const meant = answer === '' ? usual : answer;
    const fault = meant === undefined ? 'an answer is needed' : faultOf(meant);
    if (meant !== undefined && fault === undefined) return meant;
    asker.tell(`  ${fault}\n`);
  }
}
