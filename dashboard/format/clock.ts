const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const ofDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const ofYear = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const ofEver = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** The exact time in the reader's zone, and as the record has it. */
export function exactTime(at: Date): string {
  return `${exact.format(at)} (${at.toISOString()})`;
}

/** A time as short as it can be told, seen from now: `14:02:11`, `Nov 3, 14:02`, `Nov 3, 2025`. */
export function shortTime(at: Date, now: number): string {
  const isToday = new Date(now).toDateString() === at.toDateString();
  if (isToday) return ofDay.format(at);
  return Math.abs(now - at.getTime()) < 300 * DAY_MS ? ofYear.format(at) : ofEver.format(at);
}

/** How long: `12 s`, `3 min`, `5 h`, `2 d`. Rounded down: what has waited 59 s has not waited a minute. */
export function span(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < MINUTE_MS) return `${Math.floor(length / 1_000)} s`;
  if (length < HOUR_MS) return `${Math.floor(length / MINUTE_MS)} min`;
  if (length < 2 * DAY_MS) return `${Math.floor(length / HOUR_MS)} h`;
  return `${Math.floor(length / DAY_MS)} d`;
}
