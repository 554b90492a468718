import { detailOf } from '@countersign/client/proposal-detail';
import { describe, expect, test } from 'vitest';
import { effectText } from './effect-text.ts';

const changeSet = {
  before: { fee: 999, note: 'old', status: 'open' },
  patch: { fee: 0, note: 'old' },
  after: { fee: 0, note: 'old', status: 'open' },
};
const honest = { status: 'done', before: changeSet.before, after: changeSet.after, drift: [] };

function shown(rehearsal: object | null, more: object = {}): string {
  const view = { proposal_id: 'wrp_1', status: 'pending_review', proposal_version: 1, change_set: changeSet };
  return effectText(detailOf({ ...view, rehearsal, ...more }), (text) => text);
}

const EFFECT = `
COLUMN  BEFORE      AFTER
fee     999     ->  0
note    "old"   ->  "old"
unchanged  status
`;

describe('the rows of a change that is no update of one', () => {
  const source = { schema: 'public', table: 'parcels', primary_key: { column: 'id', value: 'P-1' } };
  const only = (change_set: object) =>
    effectText(detailOf({ proposal_id: 'wrp_1', status: 'pending_review', change_set }), (text) => text);

  test('a new row has no before, and what is set is shown', () => {
    const text = only({
      operation: 'single_row_insert',
      source,
      before: {},
      patch: { fee: 1 },
      after: { fee: 1, id: 'P-1' },
    });
    expect(text).toContain('makes a new row id = "P-1"');
    expect(text).toContain('fee     (no row)  ->  1');
    expect(text).toContain('id      (no row)  ->  "P-1"');
  });

  test('a row that is removed has no after, and all that is lost is shown', () => {
    const text = only({
      operation: 'single_row_delete',
      source,
      before: { fee: 9, id: 'P-1' },
      patch: {},
      after: {},
    });
    expect(text).toContain('REMOVES id = "P-1"');
    expect(text).toContain('fee     9       ->  (no row)');
  });

  test('of a set every member is shown, how many there are, and what bounds their sum', () => {
    const member = (value: string, fee: number) => ({
      primary_key: { column: 'id', value },
      before: { fee, state: 'held' },
      after: { fee: 0, state: 'held' },
    });
    const text = only({
      operation: 'set_update',
      source: { ...source, primary_key: { column: 'id' } },
      before: { row_count: 2 },
      patch: { fee: 0 },
      after: { row_count: 2 },
      frozen_set: {
        row_count: 2,
        max_rows: 20,
        aggregate_bounds: [{ column: 'fee', measure: 'before', maximum: 100, actual: 17 }],
        members: [member('P-1', 9), member('P-2', 8)],
      },
    });
    expect(text).toContain('2, of at most 20');
    expect(text).toContain('fee (before): 17, of at most 100');
    expect(text).toContain('changes id = "P-1"\n\nCOLUMN  BEFORE      AFTER\nfee     9       ->  0');
    expect(text).toContain('changes id = "P-2"\n\nCOLUMN  BEFORE      AFTER\nfee     8       ->  0');
    expect(text).not.toContain('row_count');
  });

  test('what takes a change back names it, and sets what it was', () => {
    const members = [
      { primary_key: source.primary_key, expected_state: { fee: 0, version: 8 }, restore_values: { fee: 9 } },
    ];
    const descriptor = {
      operation: 'restore_update',
      members,
      version_advance: { column: 'version' },
      lineage: { reverts_proposal_id: 'wrp_0', depth: 1 },
    };
    const text = only({ source, before: { fee: 0 }, patch: { fee: 9 }, compensation: { descriptor } });
    expect(text).toMatch(/takes back +wrp_0/);
    expect(text).toContain('fee      0       ->  9');
    expect(text).toContain('version  8       ->  9');
  });

  test.each<[string, object]>([
    ['a set', { frozen_set: { members: [{ primary_key: 5 }, 'x'] } }],
    ['a revert', { compensation: { descriptor: { members: 'x' } } }],
  ])('%s that cannot be read is not said to write nothing', (_, unreadable) => {
    expect(only({ source, before: { row_count: 2 }, ...unreadable })).toContain(
      'its rows cannot be read here',
    );
  });
});

describe('the effect that is shown', () => {
  test('is what the proposal writes, every patched column of it, and an honest rehearsal adds nothing', () => {
    for (const rehearsal of [null, { status: 'missed' }, honest]) expect(shown(rehearsal)).toBe(EFFECT);
  });

  test.each([
    [
      'gave another value to what is written',
      { ...honest, after: { ...honest.after, fee: 998 } },
      '!! fee: the rehearsal gave 998, the proposal writes 0\n',
    ],
    [
      'gave a text for a number',
      { ...honest, after: { ...honest.after, fee: '0' } },
      '!! fee: the rehearsal gave "0", the proposal writes 0\n',
    ],
    [
      'left out what is written',
      { ...honest, after: { note: 'old', status: 'open' } },
      '!! fee: the rehearsal gave (not known), the proposal writes 0\n',
    ],
    [
      'pretended that nothing is written',
      { ...honest, after: honest.before },
      '!! fee: the rehearsal gave 999, the proposal writes 0\n',
    ],
    [
      'changed what is not written',
      { ...honest, after: { ...honest.after, status: 'void' } },
      '!! status: the rehearsal gave "void", the proposal does not write it and says "open"\n',
    ],
    [
      'changed what the proposal does not know',
      { ...honest, before: { ...honest.before, x: 1 }, after: { ...honest.after, x: 2 } },
      '!! x: the rehearsal gave 2, the proposal does not write it and says 1\n',
    ],
    [
      'differs in two columns',
      { ...honest, after: { fee: 1, note: null, status: 'open' } },
      '!! fee: the rehearsal gave 1, the proposal writes 0\n!! note: the rehearsal gave null, the proposal writes "old"\n',
    ],
    [
      'tells nothing of before',
      { ...honest, before: null, after: { ...honest.after, fee: 5 } },
      '!! fee: the rehearsal gave 5, the proposal writes 0\n',
    ],
  ])('stays that where the rehearsal %s, with a line for each column', (_what, rehearsal, lines) => {
    expect(shown(rehearsal)).toBe(`${EFFECT}\n${lines}`);
  });

  test('takes neither its before from a rehearsal, nor what else it saw', () => {
    const before = { ...honest.before, fee: 0, x: 1 };
    const text = shown({ ...honest, before, after: { ...honest.after, x: 1 }, drift: ['fee', 'version'] });
    expect(text).toBe(`${EFFECT}\nTHE ROW HAS CHANGED since this was proposed: fee is now 0, version\n`);
  });

  test('is what is asked for, over the row that was seen, where there is no change set yet', () => {
    const text = shown(
      { ...honest, after: { ...honest.after, fee: 7 } },
      { change_set: null, patch: { fee: 1 } },
    );
    expect(text).toContain('fee     999     ->  1\n');
    expect(text).toContain('!! fee: the rehearsal gave 7, the proposal writes 1\n');
  });

  test('keeps a column and a value of a rehearsal from passing for a line of it', () => {
    const text = shown({ ...honest, after: { ...honest.after, 'a\n!! b': '\u001b[2J\u202e' } });
    expect(text).toContain('!! a\\u{a}!! b: the rehearsal gave "\\u001b[2J\\u{202e}"');
  });
});
