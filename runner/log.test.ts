import { ApiError } from '@countersign/client/api-error';
import { describe, expect, test } from 'vitest';
import { faultFields, jsonLog } from './log.ts';

const SECRET = 'Key (email)=(ada@acme.test) already exists';

describe('what is logged of a fault', () => {
  test.each<[string, unknown, object]>([
    ['an error', new TypeError(SECRET), { fault: 'TypeError' }],
    [
      'one with a code',
      Object.assign(new Error(SECRET), { code: '23505', detail: SECRET }),
      { fault: 'Error', code: '23505' },
    ],
    ['one whose code is no text', Object.assign(new Error(SECRET), { code: { SECRET } }), { fault: 'Error' }],
    ['one with a cause', new RangeError('x', { cause: new Error(SECRET) }), { fault: 'RangeError' }],
    ['what is no error at all', SECRET, { fault: 'string' }],
    [
      'an answer of the control plane',
      new ApiError(SECRET, { status: 409, code: 'lease_expired', retryable: false, requestId: 'req_1' }),
      { fault: 'ApiError', code: 'lease_expired', status: 409, request_id: 'req_1' },
    ],
  ])('%s: its name and codes, never its words', (_name, thrown, fields) => {
    expect(faultFields(thrown)).toEqual(fields);
  });

  test('is one line of JSON', () => {
    const lines: string[] = [];
    jsonLog((line) => lines.push(line))('error', 'job_fault', { job_id: 'a\nb' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', event: 'job_fault', job_id: 'a\nb' });
  });
});
