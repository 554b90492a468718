import { expect, test } from 'vitest';
import { TurnRecord } from './turn-record.ts';

const turn = (ms: number) => ({ ms, commands: 1, rowsRead: 0, rowsWritten: 7 });

test('percentiles are those of the turns that there were', () => {
  const record = new TurnRecord();
  expect(record.summary()).toMatchObject({ count: 0, ms: { p50: null, p90: null, p99: null, max: null } });
  for (let ms = 100; ms >= 1; ms -= 1) record.add(turn(ms));
  expect(record.summary()).toMatchObject({
    count: 100,
    ms: { p50: 50, p90: 90, p99: 99, max: 100 },
    rows_written: { p50: 7, max: 7 },
  });
});

test('only the newest are remembered', () => {
  const record = new TurnRecord();
  const { most } = record.summary();
  record.add(turn(1_000_000));
  for (let count = 0; count < most - 1; count += 1) record.add(turn(1));
  expect(record.summary()).toMatchObject({ count: most, ms: { max: 1_000_000 } });
  record.add(turn(1));
  expect(record.summary()).toMatchObject({ count: most, ms: { max: 1 } });
});
