import { strict as assert } from 'node:assert';
import * as z from 'zod';
import type { Answer } from './caller.ts';

/** What an existing client takes for success (PROTOCOL 1.4): 2xx, and no `ok: false`. */
export function passes(answer: Answer): Answer {
  const { body, bytes, request, status } = answer;
  const isSuccess = status >= 200 && status < 300 && body.ok !== false;
  assert.ok(isSuccess, `${request}: ${status} ${new TextDecoder().decode(bytes.slice(0, 2_000))}`);
  return answer;
}

/** A success, and what the client reads of it. */
export function reads<Shape extends z.ZodType>(shape: Shape, answer: Answer): z.infer<Shape> {
  const { body, request } = passes(answer);
  const read = shape.safeParse(body);
  assert.ok(read.success, `${request}: ${read.success || z.prettifyError(read.error)}`);
  return read.data;
}

const problem = z.object({
  ok: z.literal(false),
  error: z.string().min(1),
  error_code: z.string().min(1),
  message: z.string().min(1),
  request_id: z.string().min(1),
  retryable: z.boolean(),
  retry_after_ms: z.number().min(0).optional(),
  errors: z
    .array(z.object({ path: z.string(), code: z.string().min(1), message: z.string().min(1) }))
    .optional(),
});
export type Problem = z.infer<typeof problem>;

/** Statuses that mean to the clients that the same request may pass later (PROTOCOL 1.4). */
const passing = new Set([408, 425, 429, 502, 503, 504]);

/** A refusal with one of these statuses, and all that clients read of one (PROTOCOL 1.4). */
export function refuses(answer: Answer, ...statuses: readonly number[]): Problem {
  const { bytes, headers, request, status } = answer;
  assert.ok(statuses.includes(status), `${request}: ${status} ${new TextDecoder().decode(bytes)}`);
  const read = problem.parse(answer.body);
  assert.equal(read.error_code, read.error, `${request}: the code has two names and one value`);
  assert.equal(headers['x-request-id'], read.request_id);
  assert.equal(read.retryable, passing.has(status), `${request}: ${read.error} says whether it may pass`);
  const seconds = headers['retry-after'];
  assert.equal(
    seconds === undefined,
    read.retry_after_ms === undefined,
    `${request}: both say when, or none`,
  );
  if (seconds !== undefined) assert.match(seconds, /^\d+$/, `${request}: clients ignore dates`);
  return read;
}

/** Asks until the answer is what is waited for. Throws with the last answer when it does not come. */
export async function until<Value>(
  ask: () => Promise<Value>,
  isThere: (value: Value) => boolean,
): Promise<Value> {
  for (let turn = 0; ; turn += 1) {
    const value = await ask();
    if (isThere(value)) return value;
    assert.ok(turn < 100, `it did not come: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
