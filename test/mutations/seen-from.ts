import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedGuard } from './guard.ts';

const FILE = join(import.meta.dirname, 'seen-from.json');

/** By the name of a guard, a seed whose history showed that the guard was gone. */
export type SeenFrom = Readonly<Record<string, number>>;

/**
 * Where to begin the search for a history that shows that a guard is gone. Only a hint, which saves the histories
 * before it: another way to draw them makes it stale and the search longer, and `find-seeds.ts` finds them anew.
 */
export function seenFrom({ name }: SimulatedGuard): number {
  return hints()[name] ?? 1;
}

export function remember(hints: SeenFrom): void {
  writeFileSync(FILE, `${JSON.stringify(hints, null, 2)}\n`);
}

let read: SeenFrom | undefined;
function hints(): SeenFrom {
  read ??= JSON.parse(readFileSync(FILE, 'utf8')) as SeenFrom;
  return read;
}
