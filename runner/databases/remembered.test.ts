import { expect, test } from 'vitest';
import { Remembered } from './remembered.ts';

function remembering(freshMs?: number) {
  const told = { value: 'a', readings: 0 };
  const remembered = new Remembered(
    async (_source: string) => {
      told.readings += 1;
      return { of: told.value };
    },
    ({ of }) => of,
    freshMs,
  );
  return { remembered, told };
}

test('is read once while it is fresh', async () => {
  const { remembered, told } = remembering();
  expect(remembered.isKnown).toBe(false);
  expect(await remembered.get('s')).toBe(await remembered.get('s'));
  expect([told.readings, remembered.isKnown]).toEqual([1, true]);
});

test('stays the same object when it reads the same, however often', async () => {
  const { remembered, told } = remembering(0);
  const first = await remembered.get('s');
  for (let times = 0; times < 3; times += 1) expect(await remembered.get('s')).toBe(first);
  expect(told.readings).toBe(4);
});

test('is another one when it reads otherwise, at once when it was forgotten', async () => {
  const { remembered, told } = remembering();
  const first = await remembered.get('s');
  told.value = 'b';
  expect(await remembered.get('s')).toBe(first);
  remembered.forget();
  expect(remembered.isKnown).toBe(false);
  expect(await remembered.get('s')).toEqual({ of: 'b' });
});

test('stays what it was when the reading fails', async () => {
  let fails = false;
  const remembered = new Remembered(
    async (_source: string) => {
      if (fails) throw new Error('away');
      return { of: 1 };
    },
    JSON.stringify,
    0,
  );
  const first = await remembered.get('s');
  fails = true;
  await expect(remembered.get('s')).rejects.toThrow('away');
  fails = false;
  expect(await remembered.get('s')).toBe(first);
});
