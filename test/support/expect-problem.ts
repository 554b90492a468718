import { type ErrorCode, errorCodes } from '@countersign/protocol/error-codes';
import { problemSchema } from '@countersign/protocol/problem';
import { expect } from 'vitest';
import type { Answer } from './http.ts';

/** The answer is this refusal: its status, its code, and every member and header that an error always has. */
export function expectProblem({ status, headers, body, text }: Answer, code: ErrorCode): void {
  expect(body.error_code, text).toBe(code);
  expect(status).toBe(errorCodes[code].status);
  const problem = problemSchema.strict().parse(body);
  expect(problem).toMatchObject({
    ok: false,
    type: `urn:countersign:error:${code}`,
    title: errorCodes[code].title,
    status,
    error: code,
    detail: problem.message,
    retryable: errorCodes[code].retryable,
  });
  expect(problem.request_id).toMatch(/^req_[0-9a-f-]{36}$/);
  expect(headers['x-request-id']).toBe(problem.request_id);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['retry-after']).toBe(
    problem.retry_after_ms === undefined ? undefined : String(Math.ceil(problem.retry_after_ms / 1_000)),
  );
  expect(headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
}
