import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { createReader } from './read-again.ts';
import { NOTHING } from './touched.ts';

/** Something that is shown, read by hand: each reading ends when the test says so. */
function shown(client: QueryClient) {
  const readings: PromiseWithResolvers<string>[] = [];
  const options = {
    queryKey: ['prj', 'proposal', 'wrp_1'],
    queryFn: () => {
      const reading = Promise.withResolvers<string>();
      readings.push(reading);
      return reading.promise;
    },
  };
  const stop = new QueryObserver(client, options).subscribe(() => undefined);
  const end = async (text: string) => {
    readings.at(-1)?.resolve(text);
    // The cache tells its readers in turns of its own.
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { readings, end, stop };
}

const all = () => true;
const atOnce = () => Promise.resolve();

test('what changes while it is read is read once more, however often it changed', async () => {
  const client = new QueryClient();
  const { end, readings, stop } = shown(client);
  const readAgain = createReader(client, atOnce);
  await end('first');
  expect(readings).toHaveLength(1);
  readAgain(NOTHING, all);
  for (let change = 0; change < 5; change += 1) readAgain(NOTHING, all);
  expect(readings).toHaveLength(2);
  await end('second');
  expect(readings).toHaveLength(3);
  await end('third');
  expect(readings).toHaveLength(3);
  expect(client.getQueryData(['prj', 'proposal', 'wrp_1'])).toBe('third');
  stop();
});

test('what somebody had begun to read before it changed is read again', async () => {
  const client = new QueryClient();
  const { end, readings, stop } = shown(client);
  createReader(client, atOnce)(NOTHING, all);
  expect(readings).toHaveLength(1);
  await end('from before');
  expect(readings).toHaveLength(2);
  stop();
});

test('what is not touched is left alone', async () => {
  const client = new QueryClient();
  const { end, readings, stop } = shown(client);
  await end('first');
  createReader(client, atOnce)(NOTHING, () => false);
  expect(readings).toHaveLength(1);
  stop();
});
