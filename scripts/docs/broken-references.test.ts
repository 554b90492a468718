import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { brokenReferences } from './broken-references.ts';

const root = mkdtempSync(join(tmpdir(), 'countersign-docs-'));
afterAll(() => rmSync(root, { recursive: true }));

mkdirSync(join(root, 'src'));
writeFileSync(join(root, 'src/a.ts'), '');
writeFileSync(join(root, 'src/a.test.ts'), "test('what\\'s asked', () => {});");

function brokenIn(text: string): string[] {
  writeFileSync(join(root, 'page.md'), text);
  return brokenReferences(root, 'page.md');
}

test('what is there is not reported', () => {
  expect(
    brokenIn('`src/a.ts`, `src/`, [a](src/a.ts#x), [b](https://x.example), `.countersign/local.json`'),
  ).toEqual([]);
  expect(brokenIn('`src/a.test.ts`: "what\'s asked"')).toEqual([]);
});

test.each([
  ['a file', 'see `src/b.ts`', 'src/b.ts'],
  ['a folder', 'see `other/`', 'other/'],
  ['a link', '[b](src/b.ts)', 'src/b.ts'],
  ['a title', '`src/a.test.ts`: "something else"', 'src/a.test.ts: something else'],
])('%s that is missing is reported', (_, text, missing) => {
  expect(brokenIn(text)).toEqual([`page.md: there is no ${missing}`]);
});
