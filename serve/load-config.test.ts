import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from './load-config.ts';
import { ServeFault } from './serve-fault.ts';

const least = { store: 'store', issuers: [] };
const issuer = {
  issuer: 'https://login.example',
  audience: 'countersign',
  jwks_uri: 'https://login.example/jwks',
};

function faultsOf(value: object): readonly string[] {
  const parsed = parseConfig(JSON.stringify({ ...least, ...value }));
  return 'faults' in parsed ? parsed.faults : [];
}

describe('a configuration', () => {
  test('listens on this machine alone unless it says otherwise', () => {
    expect(parseConfig(JSON.stringify(least))).toEqual({
      config: {
        ...least,
        listen: { host: '127.0.0.1', port: 8787, behind_tls_proxy: false },
        secrets: {},
      },
    });
  });

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])(
    'may listen on %s, which is this machine',
    (host) => {
      expect(faultsOf({ listen: { host } })).toEqual([]);
    },
  );

  test.each(['0.0.0.0', '::', '10.0.0.7', 'plane.example', '127.0.0.1.example'])(
    'may listen on %s only behind a proxy that speaks TLS',
    (host) => {
      expect(faultsOf({ listen: { host } })).toEqual([
        expect.stringMatching(/^\$\.listen\.host: .*plain HTTP/),
      ]);
      expect(faultsOf({ listen: { host, behind_tls_proxy: true } })).toEqual([]);
    },
  );

  test('names issuers as the gateway takes them', () => {
    expect(faultsOf({ issuers: [{ ...issuer, algorithms: ['ES256'], roles_claim: 'groups' }] })).toEqual([]);
    expect(faultsOf({ issuers: [{ ...issuer, algorithms: ['HS256'] }] })).toEqual([
      expect.stringMatching(/^\$\.issuers\[0\]\.algorithms\[0\]: /),
    ]);
  });

  test.each([
    ['at the top', { logs: 'x' }, '$.logs'],
    ['below', { listen: { prot: 1 } }, '$.listen.prot'],
    ['in an issuer', { issuers: [{ ...issuer, secret: 'x' }] }, '$.issuers[0].secret'],
    ['about backups', { backups: { folder: 'b', every_hour: 1 } }, '$.backups.every_hour'],
    ['beside where the keys are', { secrets: { keys: 'x' } }, '$.secrets.keys'],
  ])('has no field that is not known: %s', (_where, value, place) => {
    expect(faultsOf(value)).toEqual([`${place}: this field is not known`]);
  });

  test('lets nobody make a project unless it says so', () => {
    expect(faultsOf({ sign_up: 'anyone' })).toEqual([]);
    for (const wrong of [true, 'all', '']) expect(faultsOf({ sign_up: wrong })).toHaveLength(1);
  });

  test.each([
    ['without a folder', { every_hours: 1 }],
    ['as a bare folder', '/mnt/backups'],
    ['all the time', { folder: 'b', every_hours: 0 }],
    ['with nothing kept', { folder: 'b', keep: { count: 0, days: 0 } }],
  ])('has no backups %s', (_how, backups) => {
    expect(faultsOf({ backups })).toEqual([expect.stringMatching(/^\$\.backups/)]);
  });

  test('may have backups only when somebody asks', () => {
    expect(faultsOf({ backups: { folder: 'b', every_hours: null, prove_every_hours: null } })).toEqual([]);
  });

  test('says where keys are and never holds them, nor is what stands there quoted', () => {
    expect(faultsOf({ secrets: { token_mac_keys: { env: 'KEYS' } } })).toEqual([]);
    for (const wrong of ['topsecret', { env: 'top-secret' }, { file: 'a', env: 'B' }]) {
      const faults = faultsOf({ secrets: { token_mac_keys: wrong } });
      expect(faults).toEqual([
        expect.stringMatching(/^\$\.secrets\.token_mac_keys.*: must (name where|be the name)/),
      ]);
      expect(faults.join()).not.toMatch(/top.?secret/);
    }
  });
});

describe('a configuration file', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('has paths that count from its own folder', async () => {
    const file = join(folder, 'paths.json');
    const keys = { token_mac_keys: { file: 'keys' }, snapshot_keys: { file: 'signing' } };
    await writeFile(
      file,
      JSON.stringify({ ...least, backups: { folder: '../b' }, log: '/var/log/l', secrets: keys }),
    );
    expect(await loadConfig(file)).toMatchObject({
      store: join(folder, 'store'),
      backups: {
        folder: join(folder, '../b'),
        every_hours: 24,
        prove_every_hours: 24,
        keep: { count: 14, days: 30 },
      },
      log: '/var/log/l',
      secrets: {
        token_mac_keys: { file: join(folder, 'keys') },
        snapshot_keys: { file: join(folder, 'signing') },
      },
    });
  });

  test('that is not there is told with what a first one needs', async () => {
    const missing = loadConfig(join(folder, 'none.json'));
    await expect(missing).rejects.toMatchObject({
      code: 'config_invalid',
      next: expect.stringContaining('"store"'),
    });
  });

  test('tells all that is wrong with it at once', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, '{"store": "", "port": 1}');
    const fault = await loadConfig(file).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ServeFault);
    for (const place of ['$.store', '$.issuers', '$.port'])
      expect(fault).toHaveProperty('message', expect.stringContaining(place));
  });
});
