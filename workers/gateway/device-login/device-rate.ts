import { type Bucket, roomAfterMs, spentAt } from '@countersign/durable-objects/tenant/limits/bucket';
import { Refused } from '@countersign/protocol/problem';

/**
 * A minute, of everybody who asks this instance of the gateway: nobody is known yet, and each asking is one at the
 * issuer. A login is begun once and asked about every few seconds.
 */
const most = { begin: 60, poll: 1_200 } as const;

const spent: Record<keyof typeof most, Bucket> = { begin: { spent: 0, at: 0 }, poll: { spent: 0, at: 0 } };

/** Throws `Refused` where too many have asked. */
export function assertNotTooMany(what: keyof typeof most): void {
  const now = Date.now();
  const used = spentAt(spent[what], most[what], now);
  if (used + 1 > most[what]) {
    throw new Refused({
      code: 'slow_down',
      message: 'too many sign in by a device just now',
      retryAfterMs: roomAfterMs(used, most[what]),
    });
  }
  spent[what] = { spent: used + 1, at: now };
}
