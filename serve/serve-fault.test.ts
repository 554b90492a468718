import { expect, test } from 'vitest';
import { faultLine, readFaultLine, ServeFault } from './serve-fault.ts';

const facts = { code: 'port_taken', message: 'it is taken', holds: 'all is well', next: 'another' } as const;

test('a fault goes over a line as it is', () => {
  const read = readFaultLine(faultLine(new ServeFault(facts)));
  expect(read).toBeInstanceOf(ServeFault);
  expect(read?.facts).toEqual(facts);
});

test.each([
  '',
  'refused',
  '{',
  '{"event":"ready","url":"http://127.0.0.1:1"}',
  JSON.stringify({ event: 'refused', fault: { ...facts, code: 'other' } }),
  JSON.stringify({ event: 'refused', fault: { ...facts, more: 1 } }),
])('%j is no such line', (line) => {
  expect(readFaultLine(line)).toBeNull();
});
