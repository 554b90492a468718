import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeToken, mintToken, readToken, type TokenMark, tokenDigest, tokenKinds } from './token.ts';

const KEY = 'k'.repeat(40);
const OTHER_KEY = 'o'.repeat(40);
const marks = Object.keys(tokenKinds) as TokenMark[];
const ids = fc.stringMatching(/^[a-z]{3}_[A-Za-z0-9_]{1,40}$/);

describe('tokens', () => {
  test('say their kind, tenant and credential to whoever has the key', () => {
    fc.assert(
      fc.property(fc.constantFrom(...marks), ids, ids, (mark, tenant, credentialId) => {
        const token = mintToken(mark, tenant, credentialId, KEY);
        const digest = tokenDigest(token);
        expect(readToken(token, [KEY])).toEqual({ kind: tokenKinds[mark], tenant, credentialId, digest });
        expect(readToken(token, [OTHER_KEY, KEY])?.tenant).toBe(tenant);
        expect(readToken(token, [OTHER_KEY])).toBeUndefined();
        expect(readToken(token, [])).toBeUndefined();
      }),
    );
  });

  test('any character that is flipped makes another token, which is refused', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const mark of marks) {
      const token = mintToken(mark, 'prj_acme', 'crd_1', KEY);
      for (let place = 0; place < token.length; place += 1) {
        for (const character of [...alphabet, '=', '+', '/', ' ', 'é']) {
          if (character === token[place]) continue;
          const flipped = token.slice(0, place) + character + token.slice(place + 1);
          expect(readToken(flipped, [KEY]), `${character} at ${place} of ${mark}`).toBeUndefined();
        }
      }
    }
  });

  test('a token cut short, lengthened or of another kind is refused', () => {
    const token = mintToken('agt', 'prj_acme', 'crd_1', KEY);
    for (let length = 0; length < token.length; length += 1) {
      expect(readToken(token.slice(0, length), [KEY])).toBeUndefined();
    }
    for (const more of ['A', 'AA', 'AAA', 'AAAA', '=', '\n', ' '])
      expect(readToken(token + more, [KEY])).toBeUndefined();
    expect(readToken(token.replace('syn_agt_', 'syn_run_'), [KEY])).toBeUndefined();
    expect(readToken(token.replace('syn_agt_', 'syn_adm_'), [KEY])).toBeUndefined();
  });

  test('no two are alike, even for one credential', () => {
    const tokens = Array.from({ length: 200 }, () => mintToken('run', 'prj_acme', 'crd_1', KEY));
    expect(new Set(tokens).size).toBe(200);
    expect(new Set(tokens.map(tokenDigest)).size).toBe(200);
  });

  test('show secret scanners and existing clients what they are', () => {
    expect(mintToken('run', 'prj_acme', 'crd_1', KEY)).toMatch(/^syn_run_[A-Za-z0-9_-]{20,}$/);
    expect(looksLikeToken(mintToken('svc', 'prj_acme', 'crd_1', KEY))).toBe(true);
    expect(looksLikeToken('eyJhbGciOiJFUzI1NiJ9.e30.x')).toBe(false);
  });

  test('are kept as a digest that does not contain them', () => {
    const token = mintToken('run', 'prj_acme', 'crd_1', KEY);
    expect(tokenDigest(token)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(tokenDigest(token)).not.toContain(token.slice(8, 24));
  });

  test.each(['crd_\u0100', 'x'.repeat(101)])('an id that is not short ASCII fits in no token', (id) => {
    expect(() => mintToken('run', id, 'crd_1', KEY)).toThrow(RangeError);
    expect(() => mintToken('run', 'prj_acme', id, KEY)).toThrow(RangeError);
  });
});
