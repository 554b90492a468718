import { errorCodes } from '@countersign/protocol/error-codes';
import { describe, expect, test } from 'vitest';
import { faultCode, isRetryableAnswer, isRetryableFault } from './retryable.ts';

describe('an answer', () => {
  test.each([408, 425, 429, 502, 503, 504])('of %i may pass, whatever its body says', (status) => {
    expect(isRetryableAnswer(status, undefined)).toBe(true);
    expect(isRetryableAnswer(status, false)).toBe(true);
  });

  test.each([400, 401, 403, 404, 409, 413, 422, 500, 501])(
    'of %i is final unless its body says otherwise',
    (status) => {
      expect(isRetryableAnswer(status, undefined)).toBe(false);
      expect(isRetryableAnswer(status, false)).toBe(false);
      expect(isRetryableAnswer(status, true)).toBe(true);
    },
  );

  test('of the control plane is judged as its own list of codes says', () => {
    for (const { status, retryable } of Object.values(errorCodes)) {
      expect(isRetryableAnswer(status, retryable)).toBe(retryable);
    }
  });
});

describe('a fault', () => {
  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'UND_ERR_SOCKET',
    'UND_ERR_CONNECT_TIMEOUT',
  ])('%s may pass', (code) => expect(isRetryableFault(code)).toBe(true));

  test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_INVALID_URL', undefined])(
    '%s does not pass by itself',
    (code) => expect(isRetryableFault(code)).toBe(false),
  );

  test('has the code of its deepest cause', () => {
    const inner = Object.assign(new Error('inner'), { code: 'ECONNRESET' });
    const outer = Object.assign(new TypeError('fetch failed', { cause: inner }), { code: 'UND_ERR' });
    expect(faultCode(outer)).toBe('ECONNRESET');
    expect(faultCode(new AggregateError([inner], 'all addresses'))).toBe('ECONNRESET');
    expect(faultCode(new Error('none'))).toBeUndefined();
    expect(faultCode('text')).toBeUndefined();
  });

  test('whose causes go in a circle has an end', () => {
    const error = new Error('round');
    error.cause = error;
    expect(faultCode(error)).toBeUndefined();
  });
});
