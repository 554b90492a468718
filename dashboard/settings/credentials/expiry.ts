const DAY_MS = 86_400_000;

/** How long a credential may be made for; null: until it is revoked. */
export const expiries: readonly { readonly days: number | null; readonly label: string }[] = [
  { days: 30, label: 'after 30 days' },
  { days: 90, label: 'after 90 days' },
  { days: 365, label: 'after a year' },
  { days: null, label: 'when it is revoked' },
];

/** The end, as the API takes it; undefined is none. @param now Unix milliseconds */
export function expiryAfter(days: number | null, now: number): Date | undefined {
  return days === null ? undefined : new Date(now + days * DAY_MS);
}
