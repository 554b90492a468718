import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../config/config-error.ts';
import { parseMysqlUrl } from './mysql-url.ts';

let folder: string;
let authority: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-url-'));
  authority = join(folder, 'ca.pem');
  await writeFile(authority, 'a certificate');
});
afterAll(() => rm(folder, { recursive: true }));

const parse = (text: string) => parseMysqlUrl(text, 'database_url');

describe('a URL', () => {
  test('names host, port, user and password', () => {
    expect(parse('mysql://clerk:s%40cret%2F@db.example:3307/shop')).toMatchObject({
      host: 'db.example',
      port: 3307,
      user: 'clerk',
      password: 's@cret/',
    });
    expect(parse('mysql://clerk@db.example')).toMatchObject({ port: 3306, password: '' });
    expect(parse('mysql://clerk@[::1]:3306')).toMatchObject({ host: '::1', ssl: undefined });
  });

  test.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])(
    'for this machine (%s) needs no TLS',
    (host) => {
      expect(parse(`mysql://clerk:pw@${host}/shop`).ssl).toBeUndefined();
    },
  );

  test.each(['db.example', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '[::2]'])(
    'for another one (%s) has its certificate and its name looked at',
    (host) => {
      expect(parse(`mysql://clerk:pw@${host}/shop`).ssl).toEqual({ verifyIdentity: true });
    },
  );

  test('says how the line is protected', () => {
    const sslOf = (mode: string) =>
      parse(`mysql://clerk@db.example/?ssl-mode=${mode}&ssl-ca=${authority}`).ssl;
    expect(sslOf('disabled')).toBeUndefined();
    expect(sslOf('required')).toEqual({ rejectUnauthorized: false });
    expect(sslOf('verify_ca')).toEqual({ ca: 'a certificate', verifyIdentity: false });
    expect(sslOf('VERIFY_IDENTITY')).toEqual({ ca: 'a certificate', verifyIdentity: true });
  });

  test.each([
    ['is not a URL', 'secretpassword'],
    ['must begin with mysql://', 'postgres://clerk:secretpassword@db.example'],
    ['must begin with mysql://', 'mariadb://clerk:secretpassword@db.example'],
    ['must name a host and a user', 'mysql://db.example/secretpassword'],
    ['must name a host and a user', 'mysql:///secretpassword'],
    ['has a parameter that is not known', 'mysql://clerk:secretpassword@db.example/?ssl=false'],
    ['written as %3F', 'mysql://clerk:12?secretpassword@db.example/'],
    ['written as %3F', 'mysql://clerk:12?secretpassword&word=x@db.example/'],
    ['ssl-mode must be', 'mysql://clerk:secretpassword@db.example/?ssl-mode=preferred'],
    ['of ssl-ca cannot be read', 'mysql://clerk:secretpassword@db.example/?ssl-ca=/nowhere/ca.pem'],
    ['percent', 'mysql://clerk:secretpassword%zz@db.example/'],
  ])('that %s is refused, and not quoted', (what, text) => {
    let thrown: unknown;
    try {
      parse(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigError);
    expect(String(thrown)).toContain(what);
    expect(String(thrown)).not.toContain('secretpassword');
  });
});
