import { describe, expect, test } from 'vitest';
import { ConfigError } from '../config/config-error.ts';
import { artifactsConfigSchema } from './artifacts-config.ts';
import { bucketUrl } from './bucket-url.ts';
import { openArtifactStore } from './open-artifact-store.ts';

const store = {
  endpoint: 'https://s3.eu-central-1.amazonaws.com',
  region: 'eu-central-1',
  bucket: 'letters',
  access_key_id: { env: 'KEY_ID' },
  secret_access_key: { env: 'SECRET' },
};

function faultsOf(config: object): readonly string[] {
  const parsed = artifactsConfigSchema.safeParse(config);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`);
}

describe('a store of artifacts', () => {
  test('has what is usual for what its configuration does not say', () => {
    expect(artifactsConfigSchema.parse(store)).toEqual({
      ...store,
      prefix: '',
      path_style: true,
      timeout_ms: 30_000,
      allow_private: false,
    });
  });

  test.each<[string, object, string]>([
    ['an endpoint that is no URL', { endpoint: 's3.example' }, 'endpoint: is not a URL'],
    [
      'an endpoint without TLS',
      { endpoint: 'http://s3.example', allow_private: true },
      'endpoint: must begin with https:// (http:// is for this machine only: with allow_private, and 127.0.0.1, [::1] or localhost)',
    ],
    [
      'an endpoint within, where nobody said so',
      { endpoint: 'https://10.0.0.7' },
      'endpoint: must not name a private address, unless allow_private is true',
    ],
    [
      'a password in its endpoint',
      { endpoint: 'https://me:secret@s3.example' },
      'endpoint: must not hold a user or password',
    ],
    ['a query', { endpoint: 'https://s3.example/?x=1' }, 'endpoint: must not have a query'],
    [
      'a bucket with a path',
      { bucket: 'letters/2026' },
      'bucket: must be the name of a bucket, without a path',
    ],
    [
      'a region that is a name for people',
      { region: 'Frankfurt am Main' },
      'region: must be the name of a region, as eu-central-1 or auto',
    ],
    [
      'a prefix without an end',
      { prefix: 'acme' },
      'prefix: must be empty or end in /, and be made of letters, digits and . _ - = between slashes',
    ],
    [
      'a prefix that leads elsewhere',
      { prefix: '../' },
      'prefix: must be empty or end in /, and be made of letters, digits and . _ - = between slashes',
    ],
    [
      'a secret in it',
      { secret_access_key: 'topsecret' },
      'secret_access_key: must name where the secret is: {"env": "NAME"} or {"file": "path"}, never the secret itself',
    ],
    ['a field that is not known', { acl: 'public-read' }, ': Unrecognized key: "acl"'],
    [
      'its bucket in front of an address',
      { endpoint: 'https://10.0.0.7', allow_private: true, path_style: false },
      'path_style: must be true where endpoint is an address',
    ],
    [
      'its bucket in front of a host, and a path',
      { endpoint: 'https://s3.example/store', path_style: false },
      'path_style: must be true where endpoint has a path',
    ],
    [
      'a bucket with a dot in front of a host',
      { bucket: 'letters.acme', path_style: false },
      'path_style: must be true where the name of the bucket has a dot',
    ],
  ])('must not have %s', (_what, change, fault) => {
    expect(faultsOf({ ...store, ...change })).toEqual([fault]);
  });

  test('is not opened without its credentials, which are named by their places', async () => {
    const opened = openArtifactStore(artifactsConfigSchema.parse(store), { SECRET: 'top secret' });
    const error: unknown = await opened.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ConfigError)) throw new Error('it was opened', { cause: error });
    expect(error.faults).toEqual([
      '$.artifacts: the environment variable KEY_ID is not set or empty, and KEY_ID_FILE names no file: set one of them',
      '$.artifacts: the secret holds blanks, or characters that are not ASCII',
    ]);
    expect(error.message).not.toContain('top secret');
  });
});

test.each([
  ['https://s3.example', true, 'https://s3.example/letters/'],
  ['https://s3.example:9000/', true, 'https://s3.example:9000/letters/'],
  ['https://s3.example/store//', true, 'https://s3.example/store/letters/'],
  ['https://s3.example:9000', false, 'https://letters.s3.example:9000/'],
])('a bucket at %s, with path_style %s, has its objects below %s', (endpoint, path_style, url) => {
  expect(bucketUrl({ endpoint, bucket: 'letters', path_style })).toBe(url);
});
