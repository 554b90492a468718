import { expect, test } from 'vitest';
import { replaceSection } from './marked-section.ts';

const page = 'before\n<!-- made by scripts/docs.ts: a -->\n\nold\n\n<!-- end of a -->\nafter\n';

test('only what stands between the markers is replaced', () => {
  expect(replaceSection(page, 'a', 'new')).toBe(page.replace('old', 'new'));
});

test('a second time changes nothing', () => {
  expect(replaceSection(replaceSection(page, 'a', 'new'), 'a', 'new')).toBe(page.replace('old', 'new'));
});

test('a page without the markers is refused', () => {
  expect(() => replaceSection(page, 'b', 'new')).toThrow('no section');
});
