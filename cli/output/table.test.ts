import { printable } from '@countersign/client/printable';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { facts, table } from './table.ts';
import { widthOf } from './width.ts';

const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

describe('a table', () => {
  const cells = fc.string({ unit: 'binary', maxLength: 150 });

  test('fits 80 columns, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cells, cells, cells), { maxLength: 4 }), (rows) => {
        const text = table(
          [0, 1, 2].map((place) => ({ title: `C${place}`, of: (row: string[]) => row[place] })),
          rows,
        );
        for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
        expect(text).not.toMatch(DANGEROUS);
        const count = (of: string) => [...of].filter((character) => character === 'a').length;
        const shown = rows.flat().map((cell) => printable(cell));
        expect(count(text)).toBe(shown.reduce((sum, cell) => sum + count(cell), 0));
      }),
    );
  });

  test('never breaks an id', () => {
    const id = 'wrp_01ABCDEFGHJKMNPQRSTVWXYZ12';
    const rows = [{ id, what: 'x'.repeat(200) }];
    const text = table(
      [
        { title: 'ID', of: (row) => row.id, isWhole: true },
        { title: 'WHAT', of: (row) => row.what },
      ],
      rows,
    );
    expect(text).toContain(id);
  });

  test('of facts leaves out what is not there, and says what is empty', () => {
    expect(
      facts([
        ['name', 'x'],
        ['gone', undefined],
        ['long name', null],
        ['list', ['a', 1]],
      ]),
    ).toBe('name       x\nlong name  -\nlist       a, 1\n');
  });
});
