import { createHmac } from 'node:crypto';

const CHARACTERS = 16;

/**
 * What a key of tokens is called, in the ledger and to people. It is made of the key and says nothing of it, so whoever
 * holds a list of keys can tell which one made a token, and whoever reads the record has no key.
 */
export function macKeyId(key: string): string {
  const hash = createHmac('sha256', key).update('countersign mac key id').digest('hex');
  return `mk_${hash.slice(0, CHARACTERS)}`;
}
