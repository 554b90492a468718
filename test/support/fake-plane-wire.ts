import type { IncomingMessage, ServerResponse } from 'node:http';

export type Route =
  | 'doctor'
  | 'register'
  | 'runner-heartbeat'
  | 'claim'
  | 'renew'
  | 'release'
  | 'result'
  | 'rehearsal-claim'
  | 'rehearsal-result';

export interface Reply {
  readonly status: number;
  readonly body: object;
}

export interface FoundRoute {
  readonly name: Route;
  /** Or the rehearsal's. */
  readonly jobId: string;
}

const jobRoutes: Readonly<Record<string, Route>> = {
  heartbeat: 'renew',
  release: 'release',
  result: 'result',
};
const otherRoutes: Readonly<Record<string, Route>> = {
  'GET /v1/writeback/runner/doctor': 'doctor',
  'POST /v1/runner/register': 'register',
  'POST /v1/runner/heartbeat': 'runner-heartbeat',
  'POST /v1/writeback/jobs/claim': 'claim',
  'POST /v1/rehearsals/claim': 'rehearsal-claim',
};

export function routeOf({ method, url = '' }: IncomingMessage): FoundRoute | undefined {
  const other = otherRoutes[`${method} ${url}`];
  if (other !== undefined) return { name: other, jobId: '' };
  const [, rehearsalId] = /^\/v1\/rehearsals\/([^/]+)\/result$/.exec(url) ?? [];
  if (method === 'POST' && rehearsalId !== undefined)
    return { name: 'rehearsal-result', jobId: decodeURIComponent(rehearsalId) };
  const [, jobId, verb] = /^\/v1\/writeback\/jobs\/([^/]+)\/(\w+)$/.exec(url) ?? [];
  const name = method === 'POST' && verb !== undefined ? jobRoutes[verb] : undefined;
  return name === undefined ? undefined : { name, jobId: decodeURIComponent(jobId ?? '') };
}

export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? undefined : JSON.parse(text);
}

export function problem(status: number, code: string, retryable = false): Reply {
  return { status, body: { ok: false, error: code, error_code: code, message: code, retryable } };
}

export function send(response: ServerResponse, { status, body }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
