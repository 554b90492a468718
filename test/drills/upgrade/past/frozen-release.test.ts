import { knownMigrations } from '@countersign/protocol/known-migrations';
import { releaseOfSchema } from '@countersign/protocol/schema-release';
import { expect, test } from 'vitest';
import { pack, unpack } from './frozen-files.ts';
import { frozenFiles, readManifest } from './frozen-release.ts';

const files = [
  { path: 'b', bytes: Buffer.from('second') },
  { path: 'a/c', bytes: Buffer.from('first') },
];

test('what is frozen is as it was, and is the release before this tree', async () => {
  const manifest = await readManifest();
  for (const name of ['build', 'store'] as const)
    expect((await frozenFiles(manifest, name)).length).toBe(manifest[name].holds.length);
  const release = releaseOfSchema(knownMigrations);
  expect([release - 1, release]).toContain(manifest.release);
});

test('files come out as they went in, whatever their order was', () => {
  const { archive, bytes } = pack('x.br', files);
  expect(pack('x.br', files.toReversed())).toEqual({ archive, bytes });
  expect(unpack(archive, bytes).map(({ path, bytes: own }) => [path, String(own)])).toEqual([
    ['a/c', 'first'],
    ['b', 'second'],
  ]);
});

test('an archive that was changed is not unpacked, nor one of other files', () => {
  const { archive, bytes } = pack('x.br', files);
  const changed = Uint8Array.from(bytes, (byte, place) => (place === bytes.length - 1 ? byte ^ 1 : byte));
  expect(() => unpack(archive, changed)).toThrow('x.br');
  const [first, second] = archive.holds;
  const holds = [{ path: 'a/c', bytes: 5, sha256: second?.sha256 ?? '' }, ...archive.holds.slice(1)];
  expect(first?.path).toBe('a/c');
  expect(() => unpack({ ...archive, holds }, bytes)).toThrow('a/c');
});
