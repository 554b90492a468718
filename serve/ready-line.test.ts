import { expect, test } from 'vitest';
import { readReadyLine } from './ready-line.ts';

test('the ready line gives the address', () => {
  expect(readReadyLine('{"event":"ready","url":"http://127.0.0.1:8788"}')).toBe('http://127.0.0.1:8788');
});

test.each([
  '',
  'ready',
  '{',
  '{"event":"starting"}',
  '{"event":"ready"}',
  '{"event":"ready","url":"nowhere"}',
])('%j is not the ready line', (line) => {
  expect(readReadyLine(line)).toBeNull();
});
