import { Bounded } from '../turn/bounded.ts';

const MOST_ZONES = 50;
const formats = new Bounded<string, Intl.DateTimeFormat>(MOST_ZONES);
const newest = new Bounded<string, { readonly at: number; readonly text: string }>(MOST_ZONES);

/**
 * A time as the engine takes it. It asks a date for its text in a zone each time that a rule names one, which sets up
 * a formatter each time (100 us); this date remembers formatters, and the newest text of each zone.
 */
export function timeOf(now: number): Date {
  return Object.assign(new Date(now), {
    toLocaleString: (_locales?: unknown, options?: { readonly timeZone?: string }) =>
      textIn(options?.timeZone ?? 'UTC', now),
  });
}

function textIn(zone: string, at: number): string {
  const known = newest.get(zone);
  if (known?.at === at) return known.text;
  const text = formatOf(zone).format(at);
  newest.set(zone, { at, text });
  return text;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

/** Whether there is a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}
