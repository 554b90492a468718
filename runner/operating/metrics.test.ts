import { expect, test } from 'vitest';
import { Counter, Gauge, Histogram, metricsText } from './metrics.ts';

test('a counter has a series for each set of labels, from when it is first added to', () => {
  const jobs = new Counter('jobs_total', 'Jobs.');
  jobs.add(0, { source: 'a', outcome: 'applied' });
  jobs.add(1, { source: 'b', outcome: 'applied' });
  jobs.add(2, { source: 'b', outcome: 'applied' });
  expect(metricsText([jobs])).toBe(
    [
      '# HELP jobs_total Jobs.',
      '# TYPE jobs_total counter',
      'jobs_total{source="a",outcome="applied"} 0',
      'jobs_total{source="b",outcome="applied"} 3',
      '',
    ].join('\n'),
  );
});

test('a gauge is read when it is asked for', () => {
  let value = 1;
  const gauge = new Gauge('waiting', 'Waiting.', () => [{ labels: {}, value }]);
  expect(metricsText([gauge])).toContain('\nwaiting 1\n');
  value = 0.5;
  expect(metricsText([gauge])).toContain('\nwaiting 0.5\n');
});

test('the buckets of a histogram hold all that is at most their bound', () => {
  const seconds = new Histogram('apply_seconds', 'Applies.', [0.1, 1]);
  for (const value of [0.25, 0.1, 1, 8]) seconds.observe(value, { source: 'a' });
  expect(metricsText([seconds]).split('\n').slice(2)).toEqual([
    'apply_seconds_bucket{source="a",le="0.1"} 1',
    'apply_seconds_bucket{source="a",le="1"} 3',
    'apply_seconds_bucket{source="a",le="+Inf"} 4',
    'apply_seconds_sum{source="a"} 9.35',
    'apply_seconds_count{source="a"} 4',
    '',
  ]);
});

test('nothing in a help text or a label can begin a line or end a value', () => {
  const odd = new Gauge('odd', 'a\\b\nc "d"', () => [{ labels: { source: 'x"} 1\n\\' }, value: -0.5 }]);
  expect(metricsText([odd]).split('\n')).toEqual([
    '# HELP odd a\\\\b\\nc "d"',
    '# TYPE odd gauge',
    'odd{source="x\\"} 1\\n\\\\"} -0.5',
    '',
  ]);
});

test('a number that is none is written as the format has it', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const gauge = new Gauge('odd', 'Odd.', () => values.map((value) => ({ labels: {}, value })));
  expect(metricsText([gauge]).split('\n').slice(2)).toEqual(['odd NaN', 'odd +Inf', 'odd -Inf', '']);
});
