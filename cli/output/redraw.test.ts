import { expect, test } from 'vitest';
import { redraw } from './redraw.ts';

const text = Array.from({ length: 10 }, (_, at) => `line ${at + 1}\n`).join('');
const shown = (drawn: string) =>
  drawn
    .replaceAll(/\u001b\[[HKJ]/g, '')
    .trimEnd()
    .split('\n');

test('a screen that is drawn again begins at its top, and leaves nothing of the last one', () => {
  const drawn = redraw('one\ntwo\n', 24);
  expect(drawn).toBe('\u001b[Hone\u001b[K\ntwo\u001b[K\n\u001b[J');
});

test('a text that fits is shown whole, and of a longer one its beginning', () => {
  expect(shown(redraw(text, 11))).toHaveLength(10);
  const cut = shown(redraw(text, 10));
  expect(cut).toEqual([...text.split('\n').slice(0, 8), '... 2 more lines']);
});
