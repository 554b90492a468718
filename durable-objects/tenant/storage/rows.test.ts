import { describe, expect, test } from 'vitest';
import { proposals } from '../schema.ts';
import { proposalRow } from '../test-support.ts';
import { columnNames, decodeRow, encodeRow, insertRows, updateRows } from './rows.ts';

describe('rows', () => {
  test('come back from their encoded form as they were', () => {
    const row = proposalRow({ writable: false, decisions: [], remembered: [] });
    const raw = Object.fromEntries(
      columnNames(proposals).map((name, place) => [name, encodeRow(proposals, row)[place]]),
    );
    expect(decodeRow(proposals, raw)).toEqual(row);
  });

  test('travel as one parameter, and as several before one grows too large', () => {
    const wide = Array.from({ length: 3 }, (_, seq) =>
      proposalRow({ seq, proposal_hash: 'é'.repeat(200_000) }),
    );
    expect(insertRows(proposals, wide.slice(0, 2))).toHaveLength(1);
    const statements = insertRows(proposals, wide);
    expect(statements.map(({ params }) => JSON.parse(String(params[0])).length)).toEqual([2, 1]);
  });

  test('are no statement when there are none', () => {
    expect(insertRows(proposals, [])).toEqual([]);
    expect(updateRows(proposals, 't', 'seq', ['state'], [])).toEqual([]);
  });
});
