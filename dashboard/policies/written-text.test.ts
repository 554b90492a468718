import { expect, test } from 'vitest';
import { writtenText } from './written-text.ts';

test('members stand as people write them, others behind, and nothing is lost', () => {
  const document = {
    zone: [{ b: 1, a: 2 }],
    effect: 'refuse',
    when: 'true',
    name: 'n',
    tests: [{ name: 't', expect: 'x' }],
  };
  const text = writtenText(document);
  expect(JSON.parse(text)).toEqual(document);
  expect(Object.keys(JSON.parse(text))).toEqual(['name', 'when', 'effect', 'tests', 'zone']);
  expect(text).toMatch(/"b": 1,\s+"a": 2/);
});
