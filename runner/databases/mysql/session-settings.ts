import type { Row } from '../session.ts';
import { textLiteral } from './literals.ts';

/** Which server it is: MySQL and MariaDB differ in the names of a few settings, and in their releases. */
export interface Server {
  /** Such as `MySQL 9.7.4`. */
  readonly name: string;
  readonly isMariaDb: boolean;
  readonly version: readonly [major: number, minor: number, patch: number];
}

/** @param text what VERSION() says, such as `10.11.18-MariaDB-0+deb12u1` or `9.7.4`; some services put `5.5.5-` before it */
export function serverOf(text: string): Server {
  const isMariaDb = /mariadb/i.test(text);
  const [, major = '0', minor = '0', patch = '0'] = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  return {
    name: `${isMariaDb ? 'MariaDB' : 'MySQL'} ${major}.${minor}.${patch}`,
    isMariaDb,
    version: [Number(major), Number(minor), Number(patch)],
  };
}

export interface Timeouts {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Statements that pin what the meaning of others depends on, and a question whose answer shows whether they did. */
export interface SessionSettings {
  readonly settings: readonly string[];
  readonly question: string;
  isPinned(answer: Row): boolean;
}

/** Each value is the text that the server gives for it. */
const PINNED: readonly (readonly [name: string, value: string])[] = [
  // Strict for every table, so that a value that does not fit is an error and never cut to fit
  [
    'sql_mode',
    'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  ],
  ['time_zone', '+00:00'],
  ['character_set_client', 'utf8mb4'],
  ['character_set_connection', 'utf8mb4'],
  ['character_set_results', 'utf8mb4'],
  ['collation_connection', 'utf8mb4_bin'],
  ['autocommit', '1'],
  // A COMMIT must neither begin the next transaction nor end the session.
  ['completion_type', 'NO_CHAIN'],
  // All columns and keys of a table are read, however many.
  ['sql_select_limit', '18446744073709551615'],
  ['group_concat_max_len', '65535'],
  ['foreign_key_checks', '1'],
  ['unique_checks', '1'],
  ['sql_safe_updates', '0'],
];

export function sessionSettings(
  { lockTimeoutMs, statementTimeoutMs }: Timeouts,
  { isMariaDb }: Server,
): SessionSettings {
  // Locks are waited for in whole seconds, those on rows and those on a table's definition.
  const lockSeconds = String(Math.ceil(lockTimeoutMs / 1_000));
  const limits: (readonly [string, string])[] = [
    ['innodb_lock_wait_timeout', lockSeconds],
    ['lock_wait_timeout', lockSeconds],
    // MySQL's is for reading only; a write that takes too long is ended by the session's own deadline.
    isMariaDb
      ? ['max_statement_time', (statementTimeoutMs / 1_000).toFixed(6)]
      : ['max_execution_time', String(statementTimeoutMs)],
  ];
  // MariaDB can be told not to look at CHECK constraints, of which the receipts have some.
  if (isMariaDb) limits.push(['check_constraint_checks', '1']);
  const pinned = [...PINNED, ...limits];
  const assignments = pinned.map(([name, value]) => `${name} = ${settingSql(value)}`);
  return {
    settings: [
      `SET SESSION ${assignments.join(', ')}`,
      'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE',
    ],
    question: `SELECT ${pinned.map(([name]) => `@@SESSION.${name}`).join(', ')}`,
    isPinned: (answer) => pinned.every(([, value], place) => answer[place] === value),
  };
}

/** Numbers as such: the server takes no text for them. */
function settingSql(value: string): string {
  return /^\d+(\.\d+)?$/.test(value) ? value : textLiteral(value);
}
