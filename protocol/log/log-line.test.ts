import { describe, expect, test } from 'vitest';
import { faultFields } from './fault-fields.ts';
import { LONGEST_MESSAGE, loggableId, logLine, logLineSchema, readLogLine } from './log-line.ts';
import { withoutSecrets } from './without-secrets.ts';

const TOKEN = 'syn_run_AQVwcmpfMQljcmRfcnVubmVy';
const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';

describe('a line', () => {
  test('has the level and the target of its event, and passes its own schema', () => {
    const line = logLine('request.denied', { code: 'forbidden', status: 403, actor: undefined }, 0);
    expect(readLogLine(line)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      target: 'gateway',
      event: 'request.denied',
      code: 'forbidden',
      status: 403,
    });
  });

  test.each([
    ['an unknown field', { body: 'x' }],
    ['an unknown event', { event: 'request.liked' }],
    ['an event that every object has', { event: 'constructor' }],
    ['the level of another event', { level: 'info' }],
    ['the target of another event', { target: 'serve' }],
    ['a subject that is no id', { subject: 'a b' }],
    ['a status that is none', { status: 7 }],
  ])('with %s is none', (_what, changes) => {
    const line = { ...JSON.parse(logLine('request.denied', {}, 0)), ...changes };
    expect(logLineSchema.safeParse(line).success).toBe(false);
    expect(readLogLine(JSON.stringify(line))).toBeUndefined();
  });

  test('is cut where it would be too long, and is one line whatever it says', () => {
    const line = logLine(
      'workerd.output',
      { message: `a\n${'x'.repeat(10_000)}`, actor: 'y'.repeat(9_000) },
      0,
    );
    expect(line).not.toContain('\n');
    expect(readLogLine(line)?.message).toHaveLength(LONGEST_MESSAGE);
  });
});

describe('what looks like a secret', () => {
  test.each([
    TOKEN,
    JWT,
    'Bearer anything at all',
    'authorization: basic dXNlcjpwYXNz',
    'postgres://user:hunter2@db.internal/billing',
  ])('is taken out of a text: %s', (secret) => {
    const left = withoutSecrets(`before ${secret} after`);
    expect(left).toMatch(/^before .*\[secret\].* after$/);
    for (const part of ['AQVwcm', 'eyJ', ' anything', 'dXNlcj', 'hunter2']) expect(left).not.toContain(part);
  });

  test('is no id', () => {
    for (const text of [TOKEN, JWT, 'a b', '', 'x'.repeat(200), 'a\n', undefined])
      expect(loggableId(text)).toBeUndefined();
    expect(loggableId('wrp_01J')).toBe('wrp_01J');
  });
});

describe('a fault', () => {
  test('is logged without its message, also where that looks like frames', () => {
    const fault = new TypeError('the row is 4711\n    at secret-4712:1:1');
    const { stack, ...others } = faultFields(fault);
    expect(others).toEqual({ fault: 'TypeError', message: undefined });
    expect(stack).toMatch(/^at .*log-line\.test/);
    expect(stack).not.toMatch(/471/);
  });

  test('of JSON tells nothing of what it could not read', () => {
    let fault: unknown;
    try {
      JSON.parse('of ada');
    } catch (caught) {
      fault = caught;
    }
    expect(String(fault)).toMatch(/of ada/);
    expect(faultFields(fault)).toMatchObject({ fault: 'SyntaxError' });
    expect(JSON.stringify(faultFields(fault))).not.toContain('of ada');
  });

  test('of a schema says which table, also as a cause', () => {
    const cause = new Error('D1_ERROR: no such table: runners: SQLITE_ERROR (value 4711)');
    expect(faultFields(new Error('lost', { cause })).message).toBe('no such table: runners');
  });

  test('that is none is unknown', () => {
    expect(faultFields('4711')).toEqual({ fault: 'unknown' });
  });
});
