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
