import { expect, test } from 'vitest';
import { HashPlace } from './hash-place.ts';

test('the entry with the hash is found, and not the one after it, nor the manifest', () => {
  const place = new HashPlace('sha256:b');
  place.look('{"hash":"sha256:a","prev_hash":"sha256:0","seq":1}');
  expect(place.seq).toBeUndefined();
  place.look('{"hash":"sha256:c","prev_hash":"sha256:b","seq":3}');
  place.look('{"manifest":{"head_hash":"sha256:b"}}');
  expect(place.seq).toBeUndefined();
  place.look('{"hash":"sha256:b","prev_hash":"sha256:a","seq":2}');
  expect(place.seq).toBe(2);
});
