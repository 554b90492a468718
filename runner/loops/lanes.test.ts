import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

/** A task that a test ends. */
function task(name: string, begun: string[]) {
  const ended = Promise.withResolvers<void>();
  const run = () => {
    begun.push(name);
    return ended.promise;
  };
  return { run, end: ended.resolve };
}

const settle = () => new Promise(setImmediate);

test('tasks of different rows run at once, those of one row in the order in which they came', async () => {
  const lanes = new Lanes(4);
  const begun: string[] = [];
  const [a1, a2, b1] = [task('a1', begun), task('a2', begun), task('b1', begun)];
  lanes.run('a', a1.run);
  lanes.run('a', a2.run);
  lanes.run('b', b1.run);
  await settle();
  expect(begun).toEqual(['a1', 'b1']);
  a1.end();
  await settle();
  expect(begun).toEqual(['a1', 'b1', 'a2']);
});

test('a task holds its lane from when it was given until it has ended, also while it waits for its row', async () => {
  const lanes = new Lanes(2);
  const begun: string[] = [];
  const [a1, a2] = [task('a1', begun), task('a2', begun)];
  lanes.run('a', a1.run);
  lanes.run('a', a2.run);
  expect([lanes.taken, lanes.free]).toEqual([2, 0]);
  let isThereRoom = false;
  const room = lanes
    .until(() => lanes.free > 0)
    .then(() => {
      isThereRoom = true;
    });
  await settle();
  expect(isThereRoom).toBe(false);
  a1.end();
  await room;
  expect(lanes.free).toBe(1);
  a2.end();
  await lanes.until(() => lanes.isEmpty);
  expect(lanes.free).toBe(2);
});

test('waiting ends with an abort, and at once where there is nothing to wait for', async () => {
  const lanes = new Lanes(1);
  await lanes.until(() => lanes.isEmpty);
  lanes.run('a', () => new Promise(() => undefined));
  const controller = new AbortController();
  const waiting = lanes.until(() => lanes.isEmpty, controller.signal);
  controller.abort();
  await waiting;
  await lanes.until(() => lanes.isEmpty, controller.signal);
  expect(lanes.isEmpty).toBe(false);
});
