import { describe, expect, test } from 'vitest';
import { versionText } from './column-text.ts';

describe('the text of a version', () => {
  test.each([
    ['integer', 7, '7'],
    ['integer', '9223372036854775807', '9223372036854775807'],
    ['integer', '-1', '-1'],
    ['integer', '7.0', undefined],
    ['integer', ' 7', undefined],
    ['integer', '99999999999999999999', undefined],
    ['timestamp', '2026-11-20 12:00:00.123456+00', '2026-11-20 12:00:00.123456+00'],
    ['timestamp', '2026-11-20T12:00:00.123Z', '2026-11-20T12:00:00.123Z'],
    ['timestamp', '2026-11-20 12:00:00', '2026-11-20 12:00:00'],
    ['timestamp', '2026-11-20 12:00:00+05:30', '2026-11-20 12:00:00+05:30'],
    ['timestamp', 'infinity', undefined],
    ['timestamp', 'now', undefined],
    ['timestamp', '2026-11-20 12:00:00.1234567', undefined],
    ['timestamp', 1_763_640_000, undefined],
  ] as const)('for %s and %j is %j', (advance, value, text) => {
    expect(versionText(advance, value)).toBe(text);
  });
});
