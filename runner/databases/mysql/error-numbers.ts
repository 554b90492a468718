import type { FailureCode } from '../failure-codes.ts';
import type { FaultMeaning } from '../fault-meaning.ts';

/** What the server said of an error, but for its message, which may quote values. */
export interface Complaint {
  readonly errno: number;
  readonly sqlState: string | undefined;
}

/** Which statement of a transaction met an error. */
export type Place =
  /** Before anything could be committed. */
  | 'statement'
  /** The look for the row that is to be changed. */
  | 'row'
  /** The receipt's own INSERT. */
  | 'receipt'
  /** The COMMIT itself: it may have been done. */
  | 'commit';

const failed = (code: FailureCode): FaultMeaning => ({ kind: 'failed', code });
const AGAIN: FaultMeaning = { kind: 'again' };
const LOCKED: FaultMeaning = { kind: 'busy', over: 'lock' };
const TOO_SLOW: FaultMeaning = { kind: 'busy', over: 'time' };
const UNAVAILABLE: FaultMeaning = { kind: 'unavailable' };
const UNKNOWN: FaultMeaning = { kind: 'unknown' };

/**
 * By number, https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html and
 * https://mariadb.com/kb/en/mariadb-error-code-reference/, which share those below 1900; never by a message.
 */
const meanings: readonly (readonly [meaning: FaultMeaning, errnos: readonly number[]])[] = [
  // Rolled back, and nothing to do with the job: deadlock, changed since it was read, table just altered
  [AGAIN, [1020, 1213, 1412, 1615]],
  // Somebody else holds a lock, or there is no room for more locks
  [LOCKED, [1205, 1206, 1907, 3572]],
  // The server's own limit of time
  [TOO_SLOW, [1969, 3024]],
  // Read only, full, out of connections or of memory, database or login not (any more) there, storage in
  // trouble (1030), a node of a Galera cluster that is not ready (1047)
  [UNAVAILABLE, [1021, 1037, 1038, 1040, 1041, 1045, 1049, 1114, 1129, 1130, 1203, 1226, 1290, 1792, 1820]],
  [UNAVAILABLE, [1030, 1047, 1836, 1862, 3118, 4151]],
  // The session was ended, perhaps just after its commit
  [UNKNOWN, [1053, 1105, 1152, 1158, 1159, 1160, 1161, 1180, 1184, 1317, 1927, 3169, 4031]],
  [failed('PERMISSION_DENIED'), [1044, 1142, 1143, 1227, 1370, 1419]],
  [failed('VALUE_REJECTED'), [1264, 1265, 1292, 1300, 1366, 1367, 1406, 1411, 1525, 1690, 3140, 3141, 3144]],
  // A key or tenant that the column's character set has no characters for
  [failed('VALUE_REJECTED'), [1267, 3854]],
  [failed('CONSTRAINT_VIOLATED'), [1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 1761]],
  [failed('CONSTRAINT_VIOLATED'), [1762, 1859, 3819, 4025]],
  [failed('SCHEMA_MISMATCH'), [1054, 1064, 1109, 1146, 1288, 1347, 1356, 1906, 3105]],
];

const byNumber: ReadonlyMap<number, FaultMeaning> = new Map(
  meanings.flatMap(([meaning, errnos]) => errnos.map((errno) => [errno, meaning])),
);

const DUPLICATE_KEY: ReadonlySet<number> = new Set([1022, 1062, 1586]);
const CHECK_VIOLATED: ReadonlySet<number> = new Set([3819, 4025]);
const NULL_REFUSED = 1048;
const TWO_ROWS: ReadonlySet<number> = new Set([1172, 1242]);
/** What SIGNAL raises unless a trigger names another. */
const SIGNALED = '45000';

export function meaningOf({ errno, sqlState }: Complaint, place: Place): FaultMeaning {
  if (place === 'commit') return UNKNOWN;
  if (place === 'receipt') {
    if (DUPLICATE_KEY.has(errno)) return { kind: 'receipt_there' };
    // What the row became shows in the version alone: one that did not advance is NULL, and its hash too.
    if (CHECK_VIOLATED.has(errno) || errno === NULL_REFUSED) return failed('VERSION_DID_NOT_ADVANCE');
  }
  if (place !== 'statement' && TWO_ROWS.has(errno)) return failed('PRIMARY_KEY_NOT_UNIQUE');
  if (sqlState === SIGNALED) return failed('REFUSED_BY_TRIGGER');
  return byNumber.get(errno) ?? failed('TRANSACTION_FAILED');
}
