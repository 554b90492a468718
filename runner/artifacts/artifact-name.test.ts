import { describe, expect, test } from 'vitest';
import { artifactAt, artifactLocation, artifactName, isArtifactKey } from './artifact-name.ts';

const place = { bucket: 'letters', prefix: 'acme/' };
const sha256 = 'ab'.repeat(32);

test('a location leads back to its object', () => {
  const name = artifactName(place, 'case-7/letter.md', sha256);
  expect(name).toBe(`acme/case-7/letter.md/sha256-${sha256}`);
  const location = artifactLocation(place, name);
  expect(location).toBe(`s3://letters/acme/case-7/letter.md/sha256-${sha256}`);
  expect(artifactAt(place, location)).toEqual({ name, sha256 });
});

describe('no artifact of this place is at', () => {
  test.each([
    ['another bucket', `s3://others/acme/key/sha256-${sha256}`],
    ['a bucket whose name only begins so', `s3://letters-2/acme/key/sha256-${sha256}`],
    ['another prefix', `s3://letters/globex/key/sha256-${sha256}`],
    ['a way out of the prefix', `s3://letters/acme/../globex/key/sha256-${sha256}`],
    ['a location without a key', `s3://letters/acme/sha256-${sha256}`],
    ['a location without a digest', 's3://letters/acme/key'],
    ['a digest that is cut off', 's3://letters/acme/key/sha256-abab'],
    ['a location with a query', `s3://letters/acme/key?acl/sha256-${sha256}`],
    ['a location with an escape', `s3://letters/acme/%2e%2e/key/sha256-${sha256}`],
    ['a URL', `https://letters/acme/key/sha256-${sha256}`],
  ])('%s', (_what, location) => {
    expect(artifactAt(place, location)).toBeUndefined();
  });
});

test.each(['a', 'case-7/letter.md', '.hidden/x', 'a=b/c_d', 'x'.repeat(700)])('%j may be a key', (key) => {
  expect(isArtifactKey(key)).toBe(true);
});

test.each(['', '/a', 'a/', 'a//b', '.', '..', 'a/../b', 'a b', 'a%20b', 'a?b', 'ä', 'a\n', 'x'.repeat(701)])(
  '%j may not be a key',
  (key) => {
    expect(isArtifactKey(key)).toBe(false);
  },
);
