import { ApiError } from '@countersign/client/api-error';
import { expect, test } from 'vitest';
import { ConfigError } from '../config/config-error.ts';
import { DatabaseFault } from '../databases/database-fault.ts';
import { exitCodes } from '../exit-codes.ts';
import { explainFault } from './explain-fault.ts';

test.each(['28P01', '28000', '3D000', '1044', '1045', '1049', '1698'])(
  'a login that is refused (%s) is a refusal, and not an absence',
  (code) => {
    const { code: exit, text } = explainFault(new DatabaseFault(code, { kind: 'unavailable' }));
    expect(exit).toBe(exitCodes.refused);
    expect(text).toBe(
      `the database refused the login (${code}); check user, password and database of database_url`,
    );
  },
);

test('a database that does not answer is unreachable', () => {
  expect(explainFault(new DatabaseFault('cannot_connect', { kind: 'unavailable' }))).toMatchObject({
    code: exitCodes.unreachable,
    text: expect.stringContaining('cannot be reached (cannot_connect)'),
  });
});

test('nothing that is explained steers a terminal, and lines stay lines', () => {
  expect(explainFault(new ConfigError(['one\u001b[2J', 'two'])).text).toBe('one\uFFFD[2J\ntwo');
  const refused = new ApiError('\u001b[31mred\n', { status: 403, code: 'a\u0007', retryable: false });
  expect(explainFault(refused).text).toContain('(a\uFFFD): \uFFFD[31mred\uFFFD;');
});
