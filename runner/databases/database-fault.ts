import type { FaultMeaning } from './fault-meaning.ts';

/**
 * A statement or a connection failed. `code` is the database's own (PostgreSQL's SQLSTATE, MySQL's error number), or,
 * where the server said nothing, `cannot_connect` (nothing was sent), `connection_lost` (what was sent may have been
 * done) or `timed_out` (the same, since this program waited no longer). The server's message stays in `cause`, which is
 * never logged: it may quote values of rows.
 */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
  readonly code: string;
  readonly meaning: FaultMeaning;

  constructor(code: string, meaning: FaultMeaning, options?: ErrorOptions) {
    super(`database fault ${code}`, options);
    this.code = code;
    this.meaning = meaning;
  }
}

const CONNECTION_LOST = 'connection_lost';
const TIMED_OUT = 'timed_out';

/** Nothing was sent, because no session could be opened. */
export function cannotConnect(code = 'cannot_connect', options?: ErrorOptions): DatabaseFault {
  return new DatabaseFault(code, { kind: 'unavailable' }, options);
}

/** What was sent may have been done. */
export function connectionLost(options?: ErrorOptions): DatabaseFault {
  return new DatabaseFault(CONNECTION_LOST, { kind: 'unknown' }, options);
}

/** What was sent took too long, and this program ended its session over it: it may have been done. */
export function timedOut(options?: ErrorOptions): DatabaseFault {
  return new DatabaseFault(TIMED_OUT, { kind: 'unknown' }, options);
}

/** Whether the line broke under what was sent, or the server left. */
export function isLost({ code, meaning }: DatabaseFault): boolean {
  return meaning.kind === 'unknown' && code !== TIMED_OUT;
}

/** A value is none that its column can hold exactly; nothing was sent. */
export function valueRejected(options?: ErrorOptions): DatabaseFault {
  return new DatabaseFault('value_rejected', { kind: 'failed', code: 'VALUE_REJECTED' }, options);
}
