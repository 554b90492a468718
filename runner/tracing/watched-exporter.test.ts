import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import type { LogFields, LogLevel } from '../log.ts';
import { WatchedExporter } from './watched-exporter.ts';

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

const taken: Result = { code: 0 };
const refusal = new Error('http://tracer:hunter2@collector has no room', { cause: 'row 5500' });
const away: Result = { code: 1, error: Object.assign(refusal, { code: 'ECONNREFUSED' }) };
const full: Result = { code: 1, error: Object.assign(new Error('Too Many Requests'), { code: 429 }) };

/** What is logged when exports end like this, and what each was answered. */
function told(...results: Result[]) {
  const lines: [LogLevel, string, LogFields | undefined][] = [];
  const waiting = [...results];
  const exporter: SpanExporter = {
    export: (_spans, answer) => answer(waiting.shift() ?? taken),
    shutdown: () => Promise.resolve(),
  };
  const watched = new WatchedExporter(
    exporter,
    (...line) => lines.push([line[0], line[1], line[2]]),
    'c:4318',
  );
  const answers: Result[] = [];
  for (const _ of results) watched.export([], (result) => answers.push(result));
  expect(answers).toEqual(results);
  return lines;
}

test('says nothing while spans are taken', () => {
  expect(told(taken, taken)).toEqual([]);
});

test('says once that they are not, and by which code', () => {
  expect(told(taken, away, away, full)).toEqual([
    ['warn', 'traces_not_taken', { collector: 'c:4318', fault: 'Error', code: 'ECONNREFUSED' }],
  ]);
  expect(told(full)).toEqual([
    ['warn', 'traces_not_taken', { collector: 'c:4318', fault: 'Error', code: undefined, status: 429 }],
  ]);
});

test('says once that they are again, and can be away a second time', () => {
  expect(told(away, taken, taken, away).map(([, event]) => event)).toEqual([
    'traces_not_taken',
    'traces_taken',
    'traces_not_taken',
  ]);
});
