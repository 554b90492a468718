import { describe, expect, test } from 'vitest';
import { stillSigningWithTheOld, withNewKey, withoutKey } from './change-keys.ts';
import type { KeyKind } from './key-kind.ts';
import { snapshotKeyList } from './snapshot-key-list.ts';
import { tokenKeys } from './token-keys.ts';

const kinds: readonly [string, KeyKind<unknown>][] = [
  ['tokens', tokenKeys as KeyKind<unknown>],
  ['snapshots', snapshotKeyList as KeyKind<unknown>],
];

describe.each(kinds)('keys of %s', (_name, kind) => {
  const [newest, older, oldest] = [kind.make(), kind.make(), kind.make()];
  const keys = [newest, older, oldest];
  const idsOf = (list: readonly unknown[]) => list.map(kind.idOf);

  test('are read as they are written, and none is like another', () => {
    expect(kind.parse(kind.print(keys))).toEqual(keys);
    expect(new Set(idsOf(keys)).size).toBe(3);
  });

  test('get a new one in front, as many as a list may hold', () => {
    const fresh = kind.make();
    expect(withNewKey(kind, keys, fresh)).toEqual([fresh, ...keys]);
    const full = Array.from({ length: kind.most }, () => kind.make());
    expect(kind.parse(kind.print(full))).toEqual(full);
    expect(() => withNewKey(kind, full, fresh)).toThrow(expect.objectContaining({ code: 'keys_full' }));
    expect(kind.parse(kind.print([fresh, ...full]))).toBeUndefined();
  });

  test('are known with the new one before it signs, and are a list that is taken then, too', () => {
    const known = stillSigningWithTheOld(keys);
    expect(known).toEqual([older, oldest, newest]);
    expect(kind.parse(kind.print(known))).toEqual(known);
    expect(stillSigningWithTheOld([newest])).toEqual([newest]);
  });

  test('lose an old one, and never the one that signs', () => {
    const left = withoutKey(kind, keys, kind.idOf(older));
    expect(left[0]).toBe(newest);
    expect(left.at(-1)).toBe(oldest);
    expect(kind.parse(kind.print(left))).toEqual(left);
    const refused = (code: string) => expect.objectContaining({ code });
    expect(() => withoutKey(kind, keys, kind.idOf(newest))).toThrow(refused('key_in_use'));
    expect(() => withoutKey(kind, keys, 'none')).toThrow(refused('key_unknown'));
  });
});

test('nothing stays of a key of tokens, and the public half of one of snapshots', () => {
  const [key, old] = [tokenKeys.make(), tokenKeys.make()];
  expect(withoutKey(tokenKeys, [key, old], tokenKeys.idOf(old))).toEqual([key]);
  const [newer, older] = [snapshotKeyList.make(), snapshotKeyList.make()];
  const { d, ...half } = older;
  expect(withoutKey(snapshotKeyList, [newer, older], older.kid)).toEqual([newer, half]);
  expect(JSON.stringify(half)).not.toContain(d);
});
