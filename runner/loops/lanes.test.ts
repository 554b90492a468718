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

test('no more than there are lanes run at once, and those behind follow in their order', async () => {
  const lanes = new Lanes(2);
  const begun: string[] = [];
  const [a, b, c, d] = [task('a', begun), task('b', begun), task('c', begun), task('d', begun)];
  for (const [row, { run }] of Object.entries({ a, b, c, d })) lanes.run(row, run);
  await settle();
  expect(begun).toEqual(['a', 'b']);
  b.end();
  await settle();
  expect(begun).toEqual(['a', 'b', 'c']);
  a.end();
  await settle();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('a task that waits for its row takes no lane from another row', async () => {
  const lanes = new Lanes(2);
  const begun: string[] = [];
  const [a1, a2, b1] = [task('a1', begun), task('a2', begun), task('b1', begun)];
  lanes.run('a', a1.run);
  lanes.run('a', a2.run);
  lanes.run('b', b1.run);
  await settle();
  expect(begun).toEqual(['a1', 'b1']);
});

test('when every lane is taken there is room for as many again, once', async () => {
  const lanes = new Lanes(2);
  const tasks = ['a', 'b', 'c', 'd'].map((name) => task(name, []));
  expect(lanes.room).toBe(2);
  lanes.run('a', tasks[0]?.run ?? settle);
  expect(lanes.room).toBe(1);
  lanes.run('b', tasks[1]?.run ?? settle);
  expect(lanes.room).toBe(2);
  lanes.run('c', tasks[2]?.run ?? settle);
  expect([lanes.taken, lanes.room]).toEqual([3, 0]);
  let isThereRoom = false;
  const room = lanes
    .until(() => lanes.room > 0)
    .then(() => {
      isThereRoom = true;
    });
  await settle();
  expect(isThereRoom).toBe(false);
  tasks[0]?.end();
  await room;
  expect(lanes.room).toBe(2);
  for (const { end } of tasks) end();
  await lanes.until(() => lanes.isEmpty);
  expect(lanes.room).toBe(2);
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
