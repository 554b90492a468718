import { expect, test } from 'vitest';
import { timesIn } from './times-in.ts';

const AT = '2026-11-29T09:54:03.071Z';

test.each([
  [`decide before ${AT}.`, [{ text: 'decide before ' }, { at: AT }, { text: '.' }]],
  [`${AT} ${AT}`, [{ at: AT }, { text: ' ' }, { at: AT }]],
  ['it waits', [{ text: 'it waits' }]],
  ['on 2026-11-29', [{ text: 'on 2026-11-29' }]],
  ['', []],
])('%s', (text, pieces) => {
  expect(timesIn(text)).toEqual(pieces);
});
