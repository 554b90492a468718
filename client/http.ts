import * as z from 'zod';
import { ApiError } from './api-error.ts';
import { firstLine, isLined, LINES } from './first-line.ts';
import { type Retries, withRetries } from './retries.ts';
import { faultCode, isRetryableAnswer, isRetryableFault } from './retryable.ts';

/** Where the control plane is and who asks. */
export interface Connection {
  /** An origin; a path prefix is not supported (PROTOCOL 1.1). */
  readonly url: string;
  /** The bearer token, read anew for every call, so that a rotated one is picked up. */
  readonly token?: () => Promise<string> | string;
  readonly userAgent: string;
  /** Which project a person means, where a path does not say it; a token of ours has its own. */
  readonly projectId?: string | undefined;
  /** Where it is given, reads and writes with an idempotency key are sent again while their failure may pass. */
  readonly retries?: Retries | undefined;
}

export interface Call<Answer extends z.ZodType> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  /** The W3C traceparent of the span that asks. */
  readonly traceparent?: string | undefined;
  /** Whether the answer may come as a line before the body ends; it is then here sooner. */
  readonly takesLines?: boolean;
  /** Aborting rejects with the signal's reason, not with an `ApiError`. */
  readonly signal?: AbortSignal | undefined;
  /** For the whole exchange, the body included. */
  readonly timeoutMs?: number;
  readonly answer: Answer;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly traceparent?: string | undefined;
}
export interface WriteOptions extends CallOptions {
  readonly idempotencyKey?: string | undefined;
}

const TIMEOUT_MS = 15_000;

/** Sends a request and returns its parsed answer; throws `ApiError`, or the reason of an aborted signal. */
export function call<Answer extends z.ZodType>(
  connection: Connection,
  request: Call<Answer>,
): Promise<z.infer<Answer>> {
  const { retries } = connection;
  const happensOnce = request.method === 'GET' || request.idempotencyKey !== undefined;
  if (retries === undefined || !happensOnce) return callOnce(connection, request);
  return withRetries(retries, () => callOnce(connection, request));
}

async function callOnce<Answer extends z.ZodType>(
  connection: Connection,
  request: Call<Answer>,
): Promise<z.infer<Answer>> {
  const token = await connection.token?.();
  const deadline = new Deadline(request.timeoutMs ?? TIMEOUT_MS, request.signal);
  try {
    const response = await fetch(urlOf(connection, request), {
      method: request.method,
      headers: headersOf(connection, request, token),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: deadline.signal,
      // A redirect would carry the request, and maybe the token, to somewhere that nobody configured.
      redirect: 'manual',
    });
    const text = isLined(response) ? await firstLine(response) : await response.text();
    return answerOf(request.answer, response, text);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    request.signal?.throwIfAborted();
    throw unreachable(error, deadline.hasPassed);
  } finally {
    deadline.clear();
  }
}

/**
 * Sends a GET whose answer is too long to be held, and hands on its bytes as they come. `timeoutMs` is for the answer's
 * beginning; what breaks later throws out of the stream, also as an `ApiError`.
 */
export async function* stream(
  connection: Connection,
  request: Omit<Call<z.ZodType>, 'answer' | 'body' | 'method' | 'takesLines'>,
): AsyncGenerator<Uint8Array> {
  const token = await connection.token?.();
  const whole = { ...request, method: 'GET', answer: z.unknown() } as const;
  const deadline = new Deadline(request.timeoutMs ?? TIMEOUT_MS, request.signal);
  try {
    const response = await fetch(urlOf(connection, whole), {
      headers: headersOf(connection, whole, token),
      signal: deadline.signal,
      redirect: 'manual',
    });
    deadline.clear();
    if (!response.ok || response.body === null) throw await refusalIn(response);
    yield* response.body;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    request.signal?.throwIfAborted();
    throw unreachable(error, deadline.hasPassed);
  } finally {
    deadline.clear();
  }
}

async function refusalIn(response: Response): Promise<ApiError> {
  const problem = problemFields.safeParse(parseJson(await response.text()));
  return problem.success ? refusedBy(response, problem.data) : notOurs(response);
}

/** A signal that aborts after a time or with another signal, and leaves no listener behind on that one. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #abort = () => this.#controller.abort(this.#outer?.reason);
  hasPassed = false;

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.#timer = setTimeout(() => {
      this.hasPassed = true;
      this.#controller.abort();
    }, timeoutMs);
    if (outer?.aborted) this.#abort();
    else outer?.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}

function urlOf({ url, projectId }: Connection, { path, query }: Call<z.ZodType>): URL {
  const target = new URL(path, url);
  if (projectId !== undefined && !path.startsWith('/v1/control/projects/'))
    target.searchParams.set('project_id', projectId);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) target.searchParams.set(name, String(value));
  }
  return target;
}

function headersOf({ userAgent }: Connection, request: Call<z.ZodType>, token: string | undefined): Headers {
  const accept = request.takesLines === true ? `${LINES}, application/json` : 'application/json';
  const headers = new Headers({ accept, 'user-agent': userAgent });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (request.body !== undefined) headers.set('content-type', 'application/json');
  if (request.idempotencyKey !== undefined) headers.set('idempotency-key', request.idempotencyKey);
  if (request.traceparent !== undefined) headers.set('traceparent', request.traceparent);
  return headers;
}

/** What is read of an error's body: tolerant, since a proxy or an older control plane may have made it. */
const problemFields = z.object({
  ok: z.boolean().optional().catch(undefined),
  error_code: z.string().min(1).optional().catch(undefined),
  error: z.string().min(1).optional().catch(undefined),
  message: z.string().min(1).optional().catch(undefined),
  retryable: z.boolean().optional().catch(undefined),
  retry_after_ms: z.number().min(0).optional().catch(undefined),
  request_id: z.string().min(1).optional().catch(undefined),
  next: z.string().min(1).optional().catch(undefined),
  errors: z
    .array(z.object({ path: z.string(), code: z.string(), message: z.string() }))
    .optional()
    .catch(undefined),
});
type ProblemFields = z.infer<typeof problemFields>;

function answerOf<Answer extends z.ZodType>(
  schema: Answer,
  response: Response,
  text: string,
): z.infer<Answer> {
  const body = parseJson(text);
  const problem = problemFields.safeParse(body);
  if (!problem.success) throw notOurs(response);
  if (!response.ok || problem.data.ok === false) throw refusedBy(response, problem.data);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw notOurs(response, parsed.error);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusedBy(response: Response, problem: ProblemFields): ApiError {
  const code = problem.error_code ?? problem.error ?? `http_${response.status}`;
  return new ApiError(problem.message ?? `the control plane answered ${response.status}`, {
    status: response.status,
    code,
    retryable: isRetryableAnswer(response.status, problem.retryable),
    retryAfterMs: problem.retry_after_ms ?? retryAfterOf(response),
    requestId: problem.request_id ?? response.headers.get('x-request-id') ?? undefined,
    next: problem.next,
    issues: problem.errors,
  });
}

/**
 * Something answered, but not as the control plane does: a proxy's page, or a body that was cut. It says nothing
 * about the request, so it has no status that a caller could take for a refusal, and asking again is right.
 */
function notOurs(response: Response, cause?: z.ZodError): ApiError {
  const facts = {
    status: undefined,
    code: 'answer_malformed',
    retryable: true,
    retryAfterMs: retryAfterOf(response),
  };
  return new ApiError(`an answer (${response.status}) that is not of the expected form`, facts, { cause });
}

function unreachable(cause: unknown, timedOut: boolean): ApiError {
  if (timedOut) {
    return new ApiError(
      'no answer in time',
      { status: undefined, code: 'request_timeout', retryable: true },
      { cause },
    );
  }
  const fault = faultCode(cause);
  return new ApiError(
    `the control plane cannot be reached (${fault ?? 'unknown fault'})`,
    { status: undefined, code: 'network_unavailable', retryable: isRetryableFault(fault) },
    { cause },
  );
}

/** Seconds only: an HTTP date would be judged by a clock that may be wrong. */
function retryAfterOf(response: Response): number | undefined {
  const header = response.headers.get('retry-after');
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;
}
