import { originSchema } from '@countersign/protocol/origin';
import { Refused } from '@countersign/protocol/problem';
import { foreignIdSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { addressOf } from './directory.ts';
import type { GatewayEnv } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

/** An origin that the project of a request lets read its answers. */
export interface AllowedOrigin {
  readonly origin: string;
  readonly project: string;
}

/** As long as a line of the directory: within this time an origin that was denied reads nothing more. */
const BELIEVED_MS = 10_000;
const MOST_REMEMBERED = 10_000;
/** How long a browser may go without asking again whether it may ask; each answer says anew whether it may be read. */
const ASKED_AGAIN_S = 600;

const remembered = new Map<string, { readonly origins: readonly string[]; readonly until: number }>();

/**
 * The origin of a request, where the project that its address names (or the usual one) has it on its list. The address
 * alone counts: a browser asks beforehand, without body and credential. What is about no project is for no page.
 */
export async function allowedOrigin(env: GatewayEnv, request: Request): Promise<AllowedOrigin | undefined> {
  const origin = originSchema.safeParse(request.headers.get('origin'));
  const project = projectNamed(new URL(request.url), env.DEFAULT_PROJECT);
  if (!origin.success || project === undefined) return undefined;
  const origins = await originsOf(env, project);
  return origins.includes(origin.data) ? { origin: origin.data, project } : undefined;
}

/** What a browser sends before a request that is more than a form could be. */
export function isPreflight({ headers, method }: Request): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
}

/** The same for a project that is not there, and one that does not know the origin: nothing is allowed. */
export function answerPreflight(allowed: AllowedOrigin | undefined): Response {
  const headers = new Headers({ 'cache-control': 'no-store' });
  if (allowed !== undefined) {
    headers.set('access-control-allow-methods', 'GET, POST');
    headers.set('access-control-allow-headers', 'authorization, content-type, idempotency-key, traceparent');
    headers.set('access-control-max-age', String(ASKED_AGAIN_S));
  }
  return new Response(null, { status: 204, headers });
}

/** Says on an answer who may read it. No cookie is ever believed, so none is ever allowed. */
export function markAnswer({ headers }: Response, allowed: AllowedOrigin | undefined): void {
  headers.append('vary', 'Origin');
  if (allowed === undefined) return;
  headers.set('access-control-allow-origin', allowed.origin);
  headers.set('access-control-expose-headers', 'x-request-id, retry-after, content-disposition');
}

const OF_THE_INSTALLATION = /^\/v1\/(?:account|bootstrap)\//;
const IN_PATH = /^\/v1\/control\/projects\/([^/]+)/;

function projectNamed({ pathname, searchParams }: URL, usual: string | undefined): string | undefined {
  if (OF_THE_INSTALLATION.test(pathname)) return undefined;
  const named = [...searchParams.getAll('project_id'), ...(IN_PATH.exec(pathname)?.slice(1) ?? [])];
  const [project = usual, ...others] = new Set(named);
  return others.length === 0 && foreignIdSchema.safeParse(project).success ? project : undefined;
}

const answerSchema = z.object({ origins: z.array(z.string()) });

async function originsOf(env: GatewayEnv, tenant: string): Promise<readonly string[]> {
  const now = Date.now();
  const known = remembered.get(tenant);
  if (known !== undefined && known.until > now) return known.origins;
  const origins = await readOrigins(env, tenant);
  if (origins === undefined) return [];
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(tenant, { origins, until: now + BELIEVED_MS });
  return origins;
}

/** None for a project that is not there; undefined where that cannot be found out now. */
async function readOrigins(env: GatewayEnv, tenant: string): Promise<readonly string[] | undefined> {
  try {
    const address = await addressOf(env.DB, tenant);
    const call = { caller: { kind: 'system' }, ask: { type: 'list-origins' }, key: null } as const;
    const reply = await callTenant(env, address, call);
    return reply.ok ? answerSchema.parse(reply.body).origins : undefined;
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    return fault.refusal.code === 'project_not_found' ? [] : undefined;
  }
}
