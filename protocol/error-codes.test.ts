import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorCodes, isErrorCode } from './error-codes.ts';
import { problemOf, problemSchema } from './problem.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];
/** What existing clients take for trouble that passes (PROTOCOL 1.4). A plain 500 they give up on. */
const passing = [408, 425, 429, 502, 503, 504];

describe('the error codes', () => {
  test.each(codes)('%s: it may be tried again exactly when its status says that it passes', (code) => {
    const { status, retryable } = errorCodes[code];
    expect(retryable).toBe(passing.includes(status));
  });

  test.each(codes)('%s: has a form and a title of its own', (code) => {
    const { status, title } = errorCodes[code];
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status >= 400 && status < 600).toBe(true);
    expect(title).not.toBe('');
    expect(codes.filter((other) => errorCodes[other].title === title)).toEqual([code]);
  });

  test('only what is unknown is a 500, and it says nothing', () => {
    expect(codes.filter((code) => errorCodes[code].status === 500)).toEqual(['internal_error']);
  });

  test('the codes that existing clients look for are there', () => {
    expect(codes).toEqual(expect.arrayContaining(['proposal_hash_mismatch']));
    expect(errorCodes.proposal_hash_mismatch.status).toBe(409);
  });

  test('tells a code from any other text', () => {
    expect(codes.every(isErrorCode)).toBe(true);
    for (const text of ['', 'toString', '__proto__', 'Forbidden']) expect(isErrorCode(text)).toBe(false);
  });
});

describe('a problem', () => {
  test.each(codes)('of %s has every member that a client reads', (code) => {
    const { status, retryable, title } = errorCodes[code];
    const problem = problemOf({ code, message: 'because' }, 'req_1');
    expect(problemSchema.strict().parse(problem)).toEqual(problem);
    expect(problem).toMatchObject({
      ok: false,
      type: `urn:countersign:error:${code}`,
      title,
      status,
      detail: 'because',
      message: 'because',
      error: code,
      error_code: code,
      retryable,
      request_id: 'req_1',
    });
    expect(problem.retry_after_ms).toBe(retryable ? 1_000 : undefined);
  });

  test('carries what would pass, each issue, and how long to wait', () => {
    const errors = [{ path: '$.a', code: 'unknown_field', message: 'no' }];
    const refusal = {
      code: 'overloaded',
      message: 'busy',
      next: 'wait',
      errors,
      retryAfterMs: 2_500,
    } as const;
    expect(problemOf(refusal, 'req_1')).toMatchObject({ next: 'wait', errors, retry_after_ms: 2_500 });
  });
});
