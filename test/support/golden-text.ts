import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * Compares a text with the one that is kept in a file and that somebody has read. Set `UPDATE_GOLDEN` to write it
 * instead, and read the difference before it is committed.
 */
export function expectGolden(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(file, text);
  expect(existsSync(file), `${file} is missing`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** Ids and times in the order in which they first appear: the rest of a text is the same each time. */
export function withoutChance(text: string): string {
  const seen = new Map<string, string>();
  const named = (kind: string, found: string) => {
    const known = seen.get(found);
    if (known !== undefined) return known;
    const count = [...seen.values()].filter((name) => name.startsWith(`<${kind} `)).length + 1;
    const name = `<${kind} ${count}>`;
    seen.set(found, name);
    return name;
  };
  return text
    .replace(/\b(wrp|act|run|stp)_[0-9A-Z]{26}\b/g, (id, prefix: string) =>
      named(KINDS[prefix] ?? prefix, id),
    )
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) => named('time', time));
}

const KINDS: Readonly<Record<string, string>> = { wrp: 'proposal', act: 'action', run: 'run', stp: 'step' };
