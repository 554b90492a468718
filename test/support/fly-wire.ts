import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

// The requests that the Machines API takes, by its pages. Strict, so that a property with another name is a refusal.

export const makeAppSchema = z.strictObject({
  app_name: z.string().regex(/^[a-z0-9-]{1,62}$/),
  org_slug: z.string(),
  network: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/)
    .optional(),
});

const checkSchema = z.strictObject({
  type: z.enum(['http', 'tcp']),
  protocol: z.enum(['http', 'https']),
  method: z.string(),
  port: z.int().min(1).max(65_535),
  path: z.string().startsWith('/'),
  interval: z.string().regex(/^\d+s$/),
  timeout: z.string().regex(/^\d+s$/),
  grace_period: z.string().regex(/^\d+s$/),
});

const stopSchema = z.strictObject({
  signal: z.enum(['SIGTERM', 'SIGINT']),
  timeout: z.string().regex(/^\d+s$/),
});

const configSchema = z.strictObject({
  image: z.string().min(1),
  guest: z.strictObject({
    cpu_kind: z.enum(['shared', 'performance']),
    cpus: z.int().min(1),
    memory_mb: z.int().multipleOf(256),
  }),
  env: z.record(z.string(), z.string()),
  files: z.array(z.strictObject({ guest_path: z.string(), raw_value: z.base64(), mode: z.int() })),
  restart: z.strictObject({ policy: z.enum(['no', 'on-failure', 'always']) }),
  auto_destroy: z.boolean(),
  stop_config: stopSchema,
  checks: z.record(z.string(), checkSchema),
  metadata: z.record(z.string(), z.string()),
});
export type MachineConfig = z.infer<typeof configSchema>;

export const makeMachineSchema = z.strictObject({
  name: z.string(),
  region: z.string(),
  config: configSchema,
  min_secrets_version: z.int(),
});
export const updateMachineSchema = z.strictObject({
  current_version: z.string(),
  config: configSchema,
  min_secrets_version: z.int(),
});
export const setSecretSchema = z.strictObject({ value: z.string() });
export const stopMachineSchema = stopSchema;

export type FlyRoute =
  | 'list-apps'
  | 'make-app'
  | 'read-app'
  | 'remove-app'
  | 'list-secrets'
  | 'set-secret'
  | 'list-machines'
  | 'make-machine'
  | 'read-machine'
  | 'update-machine'
  | 'start-machine'
  | 'stop-machine'
  | 'wait'
  | 'remove-machine';

export interface FlyAsked {
  readonly route: FlyRoute;
  readonly app: string;
  /** The id of a machine, or the name of a secret. */
  readonly part: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const APP = '/v1/apps/([^/]+)';
const routes: readonly (readonly [method: string, path: RegExp, route: FlyRoute])[] = [
  ['GET', /^\/v1\/apps$/, 'list-apps'],
  ['POST', /^\/v1\/apps$/, 'make-app'],
  ['GET', new RegExp(`^${APP}$`), 'read-app'],
  ['DELETE', new RegExp(`^${APP}$`), 'remove-app'],
  ['GET', new RegExp(`^${APP}/secrets$`), 'list-secrets'],
  ['POST', new RegExp(`^${APP}/secrets/([^/]+)$`), 'set-secret'],
  ['GET', new RegExp(`^${APP}/machines$`), 'list-machines'],
  ['POST', new RegExp(`^${APP}/machines$`), 'make-machine'],
  ['GET', new RegExp(`^${APP}/machines/([^/]+)$`), 'read-machine'],
  ['POST', new RegExp(`^${APP}/machines/([^/]+)$`), 'update-machine'],
  ['POST', new RegExp(`^${APP}/machines/([^/]+)/start$`), 'start-machine'],
  ['POST', new RegExp(`^${APP}/machines/([^/]+)/stop$`), 'stop-machine'],
  ['GET', new RegExp(`^${APP}/machines/([^/]+)/wait$`), 'wait'],
  ['DELETE', new RegExp(`^${APP}/machines/([^/]+)$`), 'remove-machine'],
];

/** Undefined for what the API does not have. */
export function asked({ method, url = '' }: IncomingMessage, body: unknown): FlyAsked | undefined {
  const { pathname, searchParams: query } = new URL(url, 'http://fly');
  for (const [verb, path, route] of routes) {
    const found = verb === method ? path.exec(pathname) : null;
    if (found !== null) return { route, app: found[1] ?? '', part: found[2] ?? '', query, body };
  }
  return undefined;
}

export interface FlyAnswer {
  readonly status: number;
  /** Nothing: an answer without a body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How an error looks; `word` is what the API has for some of them. */
export function refusal(status: number, error: string, word?: string): FlyAnswer {
  return { status, body: { error, ...(word !== undefined && { status: word }) } };
}

/** How an answer goes out when it does not go out as it should. */
export type FlyMangling = 'cut' | 'half' | 'not_json' | 'endless';

export function sendAnswer(response: ServerResponse, { body, headers, status }: FlyAnswer): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

export function sendMangled(response: ServerResponse, how: FlyMangling, status: number): void {
  switch (how) {
    case 'cut':
      response.socket?.destroy();
      break;
    case 'half':
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id": "1', () => response.socket?.destroy());
      break;
    case 'not_json':
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Fly</html>');
      break;
    case 'endless':
      response.writeHead(status, { 'content-type': 'application/json' });
      writeOn(response);
  }
}

/** As long as somebody reads. */
function writeOn(response: ServerResponse): void {
  if (response.destroyed) return;
  response.write(' '.repeat(1_048_576), () => writeOn(response));
}
