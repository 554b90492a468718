/** Everything outside of the program that a command may touch, besides files and the network. */
export interface World {
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Whether a person reads what is printed. */
  readonly isTerminal: boolean;
  /** All of the standard input. */
  readonly readInput: () => Promise<string>;
  /** Its lines as they come; undefined where nothing is piped in. */
  readonly inputLines: () => AsyncIterable<string> | undefined;
  /** What a person types after a question; undefined where nobody can be asked. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** The same, and nobody sees what is typed. */
  readonly askHidden: (question: string) => Promise<string | undefined>;
  readonly openBrowser: (url: string) => void;
  /** How many lines a person sees at once, where one does. */
  readonly screenHeight: () => number;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly signal: AbortSignal;
}
