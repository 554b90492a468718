import { expect, test } from 'vitest';
import { traceparentSchema, validTraceparent } from './traceparent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test.each([`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-00`, `00-${TRACE}-${SPAN}-ff`])(
  'keeps %s',
  (sent) => {
    expect(validTraceparent(sent)).toBe(sent);
    expect(traceparentSchema.safeParse(sent).success).toBe(true);
  },
);

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty one', ''],
  ['no text', 7],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['another version', `01-${TRACE}-${SPAN}-01`],
  ['the version that is none', `ff-${TRACE}-${SPAN}-01`],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['something after it', `00-${TRACE}-${SPAN}-01-more`],
  ['a line after it', `00-${TRACE}-${SPAN}-01\n`],
  ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
])('takes %s for none', (_name, sent) => {
  expect(validTraceparent(sent)).toBeUndefined();
  expect(traceparentSchema.safeParse(sent).success).toBe(false);
});
