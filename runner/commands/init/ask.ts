import { createInterface } from 'node:readline/promises';
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

/** Asks on a terminal. What is printed goes to `output`, so that the command's own answer stays apart from it. */
export function terminalAsker(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Asker & { close(): void } {
  const lines = createInterface({ input, output });
  const ended = new AbortController();
  lines.once('close', () => ended.abort());
  return {
    ask: async (question) => {
      try {
        return (await lines.question(question, { signal: ended.signal })).trim();
      } catch (cause) {
        throw new AskingEnded('nobody answers any more', { cause });
      }
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
