import type { FaultMeaning } from './fault-meaning.ts';

/**
 * A statement or a connection failed. `code` is the database's own (PostgreSQL's SQLSTATE, MySQL's error number), or,
 * where the server said nothing, `cannot_connect` (nothing was sent) or `connection_lost` (what was sent may have
 * been done). The server's message stays in `cause`, which is never logged: it may quote values of rows.
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

/** Nothing was sent, because no session could be opened. */
export function cannotConnect(code = 'cannot_connect', options?: ErrorOptions): DatabaseFault {
  return new DatabaseFault(code, { kind: 'unavailable' }, options);
}

/** What was sent may have been done. */
export function connectionLost(options?: ErrorOptions): DatabaseFault {
  return new DatabaseFault('connection_lost', { kind: 'unknown' }, options);
}

/** A value is none that its column can hold exactly; nothing was sent. */
export function valueRejected(options?: ErrorOptions): DatabaseFault {
  return new DatabaseFault('value_rejected', { kind: 'failed', code: 'VALUE_REJECTED' }, options);
}
