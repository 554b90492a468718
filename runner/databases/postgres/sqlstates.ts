import type { FaultMeaning } from '../fault-meaning.ts';
import { VERSION_ADVANCED_CONSTRAINT } from './receipts-sql.ts';

/** What the server said of an error, but for its message, which may quote values. */
export interface Complaint {
  /** The SQLSTATE. */
  readonly code: string;
  readonly constraint?: string | undefined;
  /** `schema.table` of the object that is at fault. */
  readonly table?: string | undefined;
}

/** By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html; never by a message. */
const byState: ReadonlyMap<string, FaultMeaning> = new Map<string, FaultMeaning>([
  ['25006', { kind: 'unavailable' }], // read only: this server is a standby now
  ['25P03', { kind: 'unknown' }], // idle in transaction timeout ended the session
  ['25P04', { kind: 'unknown' }], // transaction timeout ended the session
  ['3D000', { kind: 'unavailable' }], // no such database
  ['40001', { kind: 'again' }], // serialization failure
  ['40003', { kind: 'unknown' }], // statement completion unknown
  ['40P01', { kind: 'again' }], // deadlock
  ['0A000', { kind: 'again_elsewhere' }], // a cached plan is out of date
  ['26000', { kind: 'again_elsewhere' }], // a prepared statement is gone
  ['42501', { kind: 'failed', code: 'PERMISSION_DENIED' }],
  ['42P05', { kind: 'again_elsewhere' }], // a prepared statement is already there
  ['44000', { kind: 'failed', code: 'CONSTRAINT_VIOLATED' }], // check option of a view
  ['55000', { kind: 'failed', code: 'SCHEMA_MISMATCH' }], // not in a state for it, such as a view that cannot be updated
  ['55P03', { kind: 'busy', over: 'lock' }], // lock timeout
  ['57014', { kind: 'busy', over: 'time' }], // statement timeout, or canceled
  ['57P03', { kind: 'unavailable' }], // starting up or shutting down
  ['P0001', { kind: 'failed', code: 'REFUSED_BY_TRIGGER' }],
]);

const byClass: ReadonlyMap<string, FaultMeaning> = new Map<string, FaultMeaning>([
  ['08', { kind: 'unknown' }], // connection exceptions
  ['22', { kind: 'failed', code: 'VALUE_REJECTED' }],
  ['23', { kind: 'failed', code: 'CONSTRAINT_VIOLATED' }],
  ['28', { kind: 'unavailable' }], // the credential is refused
  ['42', { kind: 'failed', code: 'SCHEMA_MISMATCH' }],
  ['53', { kind: 'unavailable' }], // out of connections, memory or disk
  ['57', { kind: 'unknown' }], // the session was ended, perhaps just after its commit
  ['58', { kind: 'unavailable' }], // the system under the server failed
  ['XX', { kind: 'unknown' }], // the server contradicts itself; it may have gone down over it
]);

const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

/** @param receipts the table of receipts, `schema.table`: a key that is taken there is not the customer's */
export function meaningOf({ code, constraint, table }: Complaint, receipts: string): FaultMeaning {
  if (code === UNIQUE_VIOLATION && table === receipts) return { kind: 'receipt_there' };
  if (code === CHECK_VIOLATION && constraint === VERSION_ADVANCED_CONSTRAINT) {
    return { kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' };
  }
  return byState.get(code) ?? byClass.get(code.slice(0, 2)) ?? { kind: 'failed', code: 'TRANSACTION_FAILED' };
}
