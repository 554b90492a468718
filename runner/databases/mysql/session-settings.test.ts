import { describe, expect, test } from 'vitest';
import { serverOf, sessionSettings } from './session-settings.ts';

const timeouts = { lockTimeoutMs: 1_234, statementTimeoutMs: 4_321 };
const mysql = serverOf('9.7.4');
const mariaDb = serverOf('10.11.18-MariaDB-0+deb12u1');

describe('a server', () => {
  test.each([
    ['9.7.4', { name: 'MySQL 9.7.4', isMariaDb: false, version: [9, 7, 4] }],
    ['8.0.46-0ubuntu0.24.04.1', { name: 'MySQL 8.0.46', isMariaDb: false, version: [8, 0, 46] }],
    ['10.11.18-MariaDB-0+deb12u1', { name: 'MariaDB 10.11.18', isMariaDb: true, version: [10, 11, 18] }],
    ['5.5.5-11.8.6-MariaDB', { isMariaDb: true, version: [11, 8, 6] }],
    ['', { name: 'MySQL 0.0.0', isMariaDb: false, version: [0, 0, 0] }],
  ])('that calls itself %j is known', (text, server) => {
    expect(serverOf(text)).toMatchObject(server);
  });
});

describe('the settings', () => {
  test.each([
    ['MySQL', mysql, 'max_execution_time', '4321'],
    ['MariaDB', mariaDb, 'max_statement_time', '4.321000'],
  ])('of %s limit what takes long, in its own unit', (_name, server, setting, value) => {
    const [assignments = ''] = sessionSettings(timeouts, server).settings;
    expect(assignments).toContain(`${setting} = ${value}`);
    expect(assignments).toContain('innodb_lock_wait_timeout = 2, lock_wait_timeout = 2');
  });

  test.each([
    ['MySQL', mysql],
    ['MariaDB', mariaDb],
  ])('of %s hold only when each of them does', (_name, server) => {
    const { settings, question, isPinned } = sessionSettings(timeouts, server);
    const names = [...question.matchAll(/@@SESSION\.(\w+)/g)].map(([, name]) => name);
    const values = names.map((name) => assignedTo(settings[0] ?? '', name ?? ''));
    expect(values).not.toContain(undefined);
    const answer = values.map((value) => value ?? null);
    expect(isPinned(answer)).toBe(true);
    for (const place of answer.keys()) expect(isPinned(answer.with(place, 'other'))).toBe(false);
    expect(isPinned([])).toBe(false);
  });

  test('isolate by statement, and let write', () => {
    expect(sessionSettings(timeouts, mysql).settings[1]).toBe(
      'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE',
    );
  });
});

/** What is assigned to a name, as text. */
function assignedTo(assignments: string, name: string): string | undefined {
  const [, number, hex] =
    new RegExp(`\\b${name} = (?:([\\d.]+)|_utf8mb4 X'([0-9a-f]*)')`).exec(assignments) ?? [];
  return number ?? (hex === undefined ? undefined : Buffer.from(hex, 'hex').toString());
}
