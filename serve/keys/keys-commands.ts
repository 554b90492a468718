import { resolve } from 'node:path';
import { loadConfig } from '../load-config.ts';
import type { SecretReference, ServeConfig } from '../serve-config.ts';
import { storePaths } from '../store-paths.ts';
import { assertFree } from './assert-free.ts';
import { stillSigningWithTheOld, withNewKey, withoutKey } from './change-keys.ts';
import { restartCommands, secretCommands } from './commands-after.ts';
import { type KeysChanged, type KeysListed, shownKeys } from './key-answers.ts';
import { changeKeys, readKeys } from './key-file.ts';
import type { KeyKind, KeyKindName, KeysPlace } from './key-kind.ts';
import { countSigned } from './signed-snapshots.ts';
import { snapshotKeyList } from './snapshot-key-list.ts';
import { readHolders } from './token-holders.ts';
import { tokenKeys } from './token-keys.ts';

/** The keys of a plane of this machine, and what depends on each. Throws `ServeFault`. */
export async function listKeys(configPath: string, environment: NodeJS.ProcessEnv): Promise<KeysListed> {
  const config = await loadConfig(configPath);
  const holders = readHolders(storePaths(config.store).plane);
  const tokens = await readKeys(tokenKeys, referenceOf(config, 'tokens'), environment);
  const newest = tokens.slice(0, 1).map(tokenKeys.idOf);
  return {
    keys: [
      ...shownKeys('tokens', tokenKeys, tokens, (id) => holders.filter((one) => one.key_id === id).length),
      ...(await snapshotKeysOf(config, environment)),
    ],
    held_by_older: holders.filter(({ key_id }) => key_id === null || !newest.includes(key_id)),
  };
}

async function snapshotKeysOf(config: ServeConfig, environment: NodeJS.ProcessEnv) {
  if (config.backups === undefined) return [];
  const keys = await readKeys(snapshotKeyList, referenceOf(config, 'snapshots'), environment);
  const signed = countSigned(config.backups.folder);
  return shownKeys('snapshots', snapshotKeyList, keys, (id) => signed.get(id) ?? 0);
}

/** Puts a new key in front. The old ones are still known. Throws `ServeFault`. */
export function rotateKeys(name: KeyKindName, place: KeysPlace): Promise<KeysChanged> {
  return name === 'tokens' ? rotate(name, tokenKeys, place) : rotate(name, snapshotKeyList, place);
}

async function rotate<Key>(name: KeyKindName, kind: KeyKind<Key>, place: KeysPlace): Promise<KeysChanged> {
  const fresh = kind.make();
  const keys = await changeKeys(kind, await placeOf(place, name), (old) => withNewKey(kind, old, fresh));
  return changed(name, kind, keys, kind.idOf(fresh), place, true);
}

/**
 * Takes a key away that nothing depends on any more; of a key of snapshots only what is secret. Throws `ServeFault`
 * `key_in_use`, which names what does.
 */
export async function retireKey(name: KeyKindName, id: string, place: KeysPlace): Promise<KeysChanged> {
  const reference = await placeOf(place, name);
  if (name === 'snapshots') {
    const keys = await changeKeys(snapshotKeyList, reference, (old) => withoutKey(snapshotKeyList, old, id));
    return changed(name, snapshotKeyList, keys, id, place, false);
  }
  const keys = await changeKeys(tokenKeys, reference, async (old) => {
    const rest = withoutKey(tokenKeys, old, id);
    await assertFree(id, old.map(tokenKeys.idOf), place);
    return rest;
  });
  return changed(name, tokenKeys, keys, id, place, false);
}

/** The keys of a file as the Workers' secret has them. Throws `ServeFault`. */
export async function secretText(name: KeyKindName, file: string, isKnownOnly: boolean): Promise<string> {
  const text = async <Key>(kind: KeyKind<Key>) => {
    const keys = await readKeys(kind, { file: resolve(file) }, {});
    return JSON.stringify(isKnownOnly ? stillSigningWithTheOld(keys) : keys);
  };
  return name === 'tokens' ? text(tokenKeys) : text(snapshotKeyList);
}

function changed<Key>(
  name: KeyKindName,
  kind: KeyKind<Key>,
  keys: readonly Key[],
  key_id: string,
  place: KeysPlace,
  isNew: boolean,
): KeysChanged {
  const next =
    'config' in place ? restartCommands(place.config) : secretCommands(name, kind, place.file, isNew);
  return { kind: name, key_id, key_ids: keys.map(kind.idOf), next };
}

async function placeOf(place: KeysPlace, name: KeyKindName): Promise<SecretReference> {
  if ('file' in place) return { file: resolve(place.file) };
  return referenceOf(await loadConfig(place.config), name);
}

function referenceOf({ secrets, store }: ServeConfig, name: KeyKindName): SecretReference {
  const { macKeys, snapshotKeys } = storePaths(store);
  return name === 'tokens'
    ? (secrets.token_mac_keys ?? { file: macKeys })
    : (secrets.snapshot_keys ?? { file: snapshotKeys });
}
