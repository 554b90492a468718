import { expect, test } from 'vitest';
import { isBootstrapToken } from './bootstrap-token.ts';

test.each([
  ['16 characters', 'abcdefgh!~012345', true],
  ['256 characters', 'x'.repeat(256), true],
  ['15 characters', 'x'.repeat(15), false],
  ['257 characters', 'x'.repeat(257), false],
  ['nothing', '', false],
  ['a space', 'abcdefgh ijklmnopq', false],
  ['a line end', 'abcdefghijklmnopq\n', false],
  ['a tab', 'abcdefgh\tijklmnopq', false],
  ['a letter outside of ASCII', 'abcdefghijklmnopé', false],
  ['a control character', 'abcdefghijklmnop\x7f', false],
])('a bootstrap token with %s', (_what, text, isOne) => {
  expect(isBootstrapToken(text)).toBe(isOne);
});
