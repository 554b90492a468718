import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../config/config-error.ts';
import { checkPostgresUrl } from './postgres-url.ts';

let folder: string;
let authority: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-url-'));
  authority = join(folder, 'ca.pem');
  await writeFile(authority, 'a certificate');
});
afterAll(() => rm(folder, { recursive: true }));

const check = (text: string) => checkPostgresUrl(text, 'database_url');

describe('a URL', () => {
  test.each(['localhost', 'LOCALHOST:5433', '127.0.0.1', '127.1.2.3', '[::1]:5432', '%2Frun%2Fpostgresql'])(
    'for this machine (%s) need not say how the line is protected',
    (host) => {
      expect(() => check(`postgres://clerk:pw@${host}/shop`)).not.toThrow();
      expect(() => check(`postgresql://clerk@${host}/shop`)).not.toThrow();
    },
  );

  test('may name the folder of a socket as a parameter', () => {
    expect(() => check('postgres://clerk:pw@/shop?host=/run/postgresql')).not.toThrow();
    expect(() => check('postgres://clerk@localhost/shop?host=/run/postgresql')).not.toThrow();
  });

  test.each(['db.example', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '[::2]', '%64b'])(
    'for another one (%s) must say so',
    (host) => {
      expect(() => check(`postgres://clerk:pw@${host}/shop`)).toThrow('sslmode=verify-full is advised');
      expect(() => check(`postgres://clerk:pw@${host}/shop?application_name=a`)).toThrow(ConfigError);
      for (const mode of ['verify-full', 'verify-ca', 'require', 'no-verify', 'disable'])
        expect(() => check(`postgres://clerk:pw@${host}/shop?sslmode=${mode}`)).not.toThrow();
    },
  );

  test('may name the file of an authority', () => {
    const url = `postgres://clerk:pw@db.example/shop?uselibpqcompat=true&sslmode=verify-ca`;
    expect(() => check(`${url}&sslrootcert=${authority}`)).not.toThrow();
    expect(() => check(url)).toThrow('needs the file of an authority');
  });

  test.each([
    ['must begin with postgres://', 'mysql://clerk:secretpassword@db.example'],
    ['is not a URL', 'postgres://clerk:secretpassword@db.example:port/shop'],
    ['is not a URL', 'postgres://clerk:secret password@localhost/secretpassword'],
    ['must be percent-encoded', 'postgres://clerk:12?secretpassword@localhost/shop'],
    ['must be percent-encoded', 'postgres://clerk:12/secretpassword@localhost/shop'],
    ['must be percent-encoded', 'postgres://clerk:12#secretpassword@localhost/shop'],
    ['must be percent-encoded', 'postgres://clerk:s@cret?secretpassword=1@localhost/shop'],
    ['must name a user', 'postgres://secretpassword/shop'],
    ['must name a user', 'postgres://localhost/shop?secretpassword=1'],
    ['must name a user', 'postgres://clerk:secretpassword@/shop'],
    ['written as %25', 'postgres://clerk:secretpassword%zz@localhost/'],
    ['written as %25', 'postgres://clerk:secretpassword%ff@localhost/'],
    ['the parameter ssl-mode is not', 'postgres://clerk:secretpassword@db.example/?ssl-mode=secretpassword'],
    ['the parameter password is not', 'postgres://clerk@localhost/?password=secretpassword'],
    ['the parameter ssl is not', 'postgres://clerk:secretpassword@localhost/?ssl=0'],
    [
      'the parameter sslmode is there twice',
      'postgres://clerk:secretpassword@db.example/?sslmode=verify-full&sslmode=disable',
    ],
    ['sslmode must be one of', 'postgres://clerk:secretpassword@db.example/?sslmode=prefer'],
    ['sslmode must be one of', 'postgres://clerk:secretpassword@localhost/?sslmode=secretpassword'],
    ['the parameter host is for', 'postgres://clerk:secretpassword@localhost/?host=db.example'],
    ['of sslrootcert cannot be read', 'postgres://clerk@localhost/?sslrootcert=/nowhere/secretpassword'],
  ])('that %s is refused, and not quoted', (what, text) => {
    let thrown: unknown;
    try {
      check(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigError);
    expect(String(thrown)).toContain(what);
    expect(String(thrown)).not.toContain('secretpassword');
  });
});
