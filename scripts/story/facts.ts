/** A fact that turned out not to be one. */
export class NotTrue extends Error {
  override name = 'NotTrue';
  readonly code = 'not_true';
}

/** Where the story is told. */
export interface Console {
  line(text: string): void;
}

const GREEN = '\u001b[32m';
const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';

/** Each line of the story is a fact that was checked the moment before it is printed. */
export class Facts {
  readonly #console: Console;
  readonly #isColored: boolean;
  checked = 0;

  constructor(console: Console, isColored: boolean) {
    this.#console = console;
    this.#isColored = isColored;
  }

  chapter(title: string): void {
    this.#console.line(`\n${title}`);
  }

  /** Prints the fact when it holds; throws `NotTrue` with what was found when it does not. */
  check(fact: string, holds: boolean, found: unknown): void {
    this.checked += 1;
    this.#console.line(`  ${holds ? this.#mark(GREEN, '✓') : this.#mark(RED, '✗')} ${fact}`);
    if (!holds) throw new NotTrue(`expected that ${fact}; found ${JSON.stringify(found)}`);
  }

  equal(fact: string, found: unknown, expected: unknown): void {
    this.check(fact, JSON.stringify(found) === JSON.stringify(expected), found);
  }

  #mark(color: string, mark: string): string {
    return this.#isColored ? `${color}${mark}${PLAIN}` : mark;
  }
}
