import { describe, expect, test } from 'vitest';
import { ConfigError } from '../config/config-error.ts';
import { modelsConfigSchema } from './models-config.ts';
import { openModelProviders } from './open-model-providers.ts';

const openai = { base_url: 'https://api.openai.com/v1', api_key: { env: 'OPENAI_KEY' } };

function faultsOf(config: object): readonly string[] {
  const parsed = modelsConfigSchema.safeParse({ one: config });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`);
}

describe('a provider of models', () => {
  test('has what is usual for what its configuration does not say', () => {
    expect(modelsConfigSchema.parse({ openai })).toEqual({
      openai: {
        ...openai,
        output_limit: 'max_completion_tokens',
        timeout_ms: 120_000,
        allow_private: false,
      },
    });
  });

  test('may be on this machine, without a key, where that is said', () => {
    expect(faultsOf({ base_url: 'http://127.0.0.1:11434/v1', allow_private: true })).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['no URL', { base_url: 'api.openai.com' }, 'one.base_url: is not a URL'],
    [
      'an address within, where nobody said so',
      { base_url: 'https://192.168.0.7/v1' },
      'one.base_url: must not name a private address, unless allow_private is true',
    ],
    [
      'a query',
      { base_url: 'https://models.example/v1?key=topsecret' },
      'one.base_url: must not have a query',
    ],
    [
      'a key in it',
      { api_key: 'sk-topsecret' },
      'one.api_key: must name where the secret is: {"env": "NAME"} or {"file": "path"}, never the secret itself',
    ],
    ['a field that is not known', { model: 'small-1' }, 'one: Unrecognized key: "model"'],
    ['no time at all', { timeout_ms: 0 }, 'one.timeout_ms: Too small: expected number to be >=100'],
  ])('must not have %s', (_what, change, fault) => {
    expect(faultsOf({ ...openai, ...change })).toEqual([fault]);
  });
});

describe('the providers of a configuration', () => {
  const config = modelsConfigSchema.parse({
    openai,
    near: { base_url: 'http://127.0.0.1:11434/v1', allow_private: true },
    far: { base_url: 'https://models.example', api_key: { env: 'FAR_KEY' } },
  });

  test('have the names that it says', async () => {
    const providers = await openModelProviders(config, { OPENAI_KEY: 'sk-1', FAR_KEY: 'sk-2' });
    expect([...providers.keys()]).toEqual(['openai', 'near', 'far']);
  });

  test('are not opened without their keys, which are named by their places', async () => {
    const error: unknown = await openModelProviders(config, { FAR_KEY: 'top secret' }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ConfigError)) throw new Error('they were opened', { cause: error });
    expect(error.faults).toEqual([
      '$.models.openai: the environment variable OPENAI_KEY is not set or empty, and OPENAI_KEY_FILE names no file: set one of them',
      '$.models.far: the secret holds blanks, or characters that are not ASCII',
    ]);
    expect(error.message).not.toContain('top secret');
  });
});
