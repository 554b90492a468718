import { ServeFault } from '../serve-fault.ts';
import type { KeyKind } from './key-kind.ts';

const HOLDS = 'the keys are as they were';

/** The list with a new key in front: it signs from now on, and the others are still known. Throws `ServeFault` `keys_full`. */
export function withNewKey<Key>(kind: KeyKind<Key>, keys: readonly Key[], fresh: Key): readonly Key[] {
  if (keys.length < kind.most) return [fresh, ...keys];
  throw new ServeFault({
    code: 'keys_full',
    message: `there are ${kind.most} keys already, and no list holds more`,
    holds: HOLDS,
    next: 'countersign keys list shows which nothing depends on any more: take that one away first',
  });
}

/**
 * The list for as long as not everybody has the new key yet: all know it, and nobody signs with it. Workers get their
 * secrets one after another, and one place after another.
 */
export function stillSigningWithTheOld<Key>(keys: readonly Key[]): readonly Key[] {
  const [newest, ...older] = keys;
  return newest === undefined || older.length === 0 ? keys : [...older, newest];
}

/**
 * The list without a key that signs no more, or with what stays of it. Throws `ServeFault` `key_unknown`, and `key_in_use`
 * for the one that signs.
 */
export function withoutKey<Key>(kind: KeyKind<Key>, keys: readonly Key[], id: string): readonly Key[] {
  const at = keys.findIndex((key) => kind.idOf(key) === id);
  if (at < 0) {
    throw new ServeFault({
      code: 'key_unknown',
      message: `there is no key ${id}`,
      holds: HOLDS,
      next: 'countersign keys list',
    });
  }
  if (at === 0) {
    throw new ServeFault({
      code: 'key_in_use',
      message: `${id} is the newest key: it signs`,
      holds: HOLDS,
      next: 'countersign keys rotate first, which puts another in its place',
    });
  }
  return keys.flatMap((key, place) => {
    if (place !== at) return [key];
    const remains = kind.remainsOf(key);
    return remains === undefined ? [] : [remains];
  });
}
