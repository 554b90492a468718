/** How much of a limit a minute is used up: it drains evenly, all of it within a minute. */
export interface Bucket {
  readonly spent: number;
  /** Unix milliseconds. */
  readonly at: number;
}

const MINUTE_MS = 60_000;
/** Whoever is told to come back finds room for more than one request, or all who were told would meet at the next. */
const ROOM_PARTS = 20;

/** What is used up at this time; a clock that was set back drains nothing. */
export function spentAt({ at, spent }: Bucket, limit: number, now: number): number {
  return Math.max(0, spent - (Math.max(0, now - at) * limit) / MINUTE_MS);
}

/** Milliseconds until a twentieth of the limit, and one request at least, has room again; a minute at most. */
export function roomAfterMs(spent: number, limit: number): number {
  const room = Math.max(1, limit / ROOM_PARTS);
  return Math.ceil(Math.max(0, spent + room - limit) * (MINUTE_MS / limit));
}
