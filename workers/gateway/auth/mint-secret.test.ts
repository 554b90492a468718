import { macKeyId } from '@countersign/protocol/mac-key-id';
import { readToken, tokenDigest } from '@countersign/protocol/token';
import { describe, expect, test } from 'vitest';
import { mintSecret, offeredCode } from './mint-secret.ts';

const KEY = 'a key for the tests of secrets';
const NOW = Date.UTC(2027, 0, 15);

describe('a secret', () => {
  test.each([
    ['run', 'runner', 'rnt', 'runner_token'],
    ['svc', 'service', 'ak', 'token'],
    ['agt', 'agent', 'agt', 'agent_token'],
  ] as const)('%s is a token of its kind, tenant and id', (mark, kind, prefix, field) => {
    const { id, digest, macKey, text, field: shown } = mintSecret(mark, 'prj_a', KEY, NOW);
    expect(id).toMatch(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`));
    expect(shown).toBe(field);
    expect(readToken(text, [KEY])).toEqual({ kind, tenant: 'prj_a', credentialId: id, digest });
    expect(digest).toBe(tokenDigest(text));
    expect(macKey).toBe(macKeyId(KEY));
  });

  test('is another one each time, and its id sorts by time', () => {
    const ids = Array.from({ length: 50 }, (_, place) => mintSecret('run', 'prj_a', KEY, NOW + place).id);
    expect(new Set(ids).size).toBe(50);
    expect(ids.toSorted()).toEqual(ids);
    const same = Array.from({ length: 50 }, () => mintSecret('run', 'prj_a', KEY, NOW).id);
    expect(new Set(same).size).toBe(50);
  });

  test('of an invitation is found again by its code alone, and is no token', () => {
    const { id, digest, text, field } = mintSecret('inv', 'prj_a', KEY, NOW);
    expect(field).toBe('code');
    expect(text).toMatch(/^syn_inv_[A-Za-z0-9_-]{43}$/);
    expect(offeredCode(text)).toEqual({ id, digest });
    expect(offeredCode(`${text}x`).id).not.toBe(id);
    expect(digest).not.toContain(id.slice(4));
    expect(readToken(text, [KEY])).toBeUndefined();
  });
});
