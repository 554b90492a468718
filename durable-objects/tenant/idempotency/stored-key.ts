const DAY_MS = 86_400_000;

/**
 * Keys are stored under the day on which they came, so that old ones are the first in their order and are
 * forgotten by range, without an index. A key counts for the rest of its day and all of the next: a day at least.
 */
export function storedKey(key: string, now: number): string {
  return `${day(now)}/${key}`;
}

/** Under which names a key that still counts may stand; an instance whose clock was ahead had tomorrow's day. */
export function storedKeys(key: string, now: number): readonly [string, string, string] {
  return [storedKey(key, now), storedKey(key, now - DAY_MS), storedKey(key, now + DAY_MS)];
}

/** Every key that sorts before this counts no more. */
export function firstKeyThatCounts(now: number): string {
  return `${day(now - DAY_MS)}/`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
