import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The variable by which a run of a suite is told what to remove from which source. */
export const MUTATION_VARIABLE = 'COUNTERSIGN_MUTATION';

/** One guard taken out of one source file. */
export interface Mutation {
  readonly file: string;
  /** The text to replace, exactly as it stands in the file, once. */
  readonly find: string;
  readonly replace: string;
}

/** Where the file that a mutation changes lies. */
export function pathOf({ file }: Mutation): string {
  return join(ROOT, file);
}

/** The source without its guard. Throws when the text is not there, or more than once: the mutation is out of date. */
export function mutated({ file, find, replace }: Mutation, source: string): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`mutation is out of date: ${file} does not hold exactly once: ${find}`);
  }
  return `${before}${replace}${after}`;
}

export function sourceOf(mutation: Mutation): string {
  return readFileSync(pathOf(mutation), 'utf8');
}

/** The mutation that this process was started with, if any. */
export function mutationOfProcess(): Mutation | undefined {
  const text = process.env[MUTATION_VARIABLE];
  return text === undefined ? undefined : (JSON.parse(text) as Mutation);
}
