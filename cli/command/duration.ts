import { usageFault } from '../fault.ts';

const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
type Unit = keyof typeof SECONDS;
const units: readonly Unit[] = ['d', 'h', 'm', 's'];

const DURATION = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/;

/** How long something is to last, as in `2h` or `1d12h`, in milliseconds. Throws `CliFault`. */
export function durationOf(text: string, what: string): number {
  const [, ...counts] = DURATION.exec(text) ?? [];
  const seconds = counts.reduce(
    (sum, count, place) => sum + Number(count ?? 0) * SECONDS[units[place] ?? 's'],
    0,
  );
  if (seconds === 0) throw usageFault(`${what} must be a time like 90s, 30m, 2h or 1d12h`);
  return seconds * 1_000;
}

/** The same way round: its two largest units, and `0s` for what is not over yet, or has not begun. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  const first = units.find((unit) => seconds >= SECONDS[unit]) ?? 's';
  const count = Math.floor(seconds / SECONDS[first]);
  const next = units[units.indexOf(first) + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds - count * SECONDS[first]) / SECONDS[next]);
  return `${count}${first}${rest === 0 ? '' : `${rest}${next}`}`;
}
