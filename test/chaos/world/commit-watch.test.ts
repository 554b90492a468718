import { describe, expect, test } from 'vitest';
import { MysqlWatch } from './mysql-watch.ts';
import { PostgresWatch } from './postgres-watch.ts';

const WRITE =
  'WITH a AS (UPDATE t SET v = v + 1) INSERT INTO "public"."countersign_receipts" (k) SELECT k FROM a';
const HASH = `sha256:${'0'.repeat(64)}`;

describe('of PostgreSQL', () => {
  function message(type: string, body: string): Buffer {
    const bytes = Buffer.from(`${type}    ${body}`, 'latin1');
    bytes.writeUInt32BE(bytes.length - 1, 1);
    return bytes;
  }
  const startup = Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0]);
  const parse = (name: string, sql: string) => message('P', `${name}\0${sql}\0\0\0`);
  const run = (name: string) => [message('B', `\0${name}\0\0\0`), message('E', '\0    '), message('S', '')];

  test('a write commits with its Sync, also when it was prepared before, and a read never does', () => {
    const watch = new PostgresWatch();
    expect(watch.sent(startup)).toBe(false);
    expect(watch.sent(Buffer.concat([parse('w', WRITE), ...run('w').slice(0, 2)]))).toBe(false);
    expect(watch.sent(message('S', ''))).toBe(true);
    expect(watch.sent(Buffer.concat([parse('r', 'SELECT 1'), ...run('r')]))).toBe(false);
    expect(watch.sent(Buffer.concat(run('w')))).toBe(true);
  });

  test('it is told in whatever pieces the bytes come', () => {
    const watch = new PostgresWatch();
    const bytes = Buffer.concat([startup, parse('w', WRITE), ...run('w')]);
    const told = Array.from(bytes, (byte) => watch.sent(Buffer.from([byte])));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(told.at(-1)).toBe(true);
  });

  test('it has committed when the server is ready again and told of a receipt', () => {
    const watch = new PostgresWatch();
    const [row, ready] = [message('D', HASH), message('Z', 'I')];
    expect(watch.answered(row)).toBe('open');
    expect(watch.answered(Buffer.concat([row, ready]))).toBe('committed');
    expect(watch.answered(ready)).toBe('nothing_written');
    expect(watch.answered(Buffer.concat([message('E', 'SERROR\0\0'), ready]))).toBe('nothing_written');
  });
});

describe('of MySQL', () => {
  function packet(body: Buffer | string): Buffer {
    const payload = Buffer.from(body);
    const header = Buffer.alloc(4);
    header.writeUIntLE(payload.length, 0, 3);
    return Buffer.concat([header, payload]);
  }
  const query = (sql: string) => packet(`\x03${sql}`);
  const ok = (flags: number) => packet(Buffer.from([0, 0, 0, flags, 0, 0, 0]));

  test('a query that inserts a receipt and ends with COMMIT commits, no other does', () => {
    const watch = new MysqlWatch();
    const insert = 'INSERT INTO `s`.`countersign_receipts` (k) SELECT 1';
    const bytes = query(`START TRANSACTION; ${insert}; COMMIT`);
    expect(watch.sent(query('SELECT 1'))).toBe(false);
    expect(watch.sent(bytes.subarray(0, 9))).toBe(false);
    expect(watch.sent(bytes.subarray(9))).toBe(true);
    expect(watch.sent(query(`START TRANSACTION; ${insert}; ROLLBACK`))).toBe(false);
  });

  test('it has committed with the last result, when one of them told of a receipt', () => {
    const watch = new MysqlWatch();
    const [more, last, row] = [ok(0x0a), ok(0x02), packet(HASH)];
    expect(watch.answered(Buffer.concat([more, row]))).toBe('open');
    expect(watch.answered(Buffer.concat([more, row, last]))).toBe('committed');
    expect(watch.answered(Buffer.concat([more, last]))).toBe('nothing_written');
    expect(watch.answered(Buffer.concat([more, packet(Buffer.from([0xff, 1, 2]))]))).toBe('nothing_written');
  });
});
