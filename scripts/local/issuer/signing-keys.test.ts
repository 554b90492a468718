import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSigningKeys, rotate, type SigningKey } from './signing-keys.ts';

const HOUR_SECONDS = 3600;

function key(kid: string, retiredAt: string | null = null): SigningKey {
  return { retired_at: retiredAt, jwk: { kid, kty: 'RSA', d: 'secret' } };
}

let stateFolder: string;

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
});

afterEach(() => rm(stateFolder, { recursive: true }));

test('the fresh key comes first, the one before it is retired now', () => {
  const now = new Date('2026-03-01T12:00:00.000Z');
  expect(rotate([key('old')], key('new'), now, HOUR_SECONDS)).toEqual([
    key('new'),
    key('old', '2026-03-01T12:00:00.000Z'),
  ]);
});

test('a retired key stays while a token of it can be valid, and no longer', () => {
  const retired = [key('b'), key('a', '2026-03-01T12:00:00.000Z')];
  const kidsAfter = (now: string) =>
    rotate(retired, key('c'), new Date(now), HOUR_SECONDS).map(({ jwk }) => jwk.kid);
  expect(kidsAfter('2026-03-01T13:00:00.000Z')).toEqual(['c', 'b', 'a']);
  expect(kidsAfter('2026-03-01T13:00:00.001Z')).toEqual(['c', 'b']);
});

test('keys are made once', async () => {
  const made = await loadSigningKeys(stateFolder);
  expect(made).toHaveLength(1);
  expect(await loadSigningKeys(stateFolder)).toEqual(made);
});

test.each(['', '{"keys":[]}', '{"keys":[{"retired_at":null,"jwk":{"kid":"a","kty":"oct","k":"x"}}]}'])(
  'a key file that holds %j is refused, and not replaced in silence',
  async (text) => {
    await writeFile(join(stateFolder, 'issuer-keys.json'), text);
    await expect(loadSigningKeys(stateFolder)).rejects.toMatchObject({ code: 'signing_keys_invalid' });
  },
);
