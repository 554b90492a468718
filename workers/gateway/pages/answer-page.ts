import { labelIn } from '../label-address.ts';
import { type GatewayEnv, settingsOf } from '../settings.ts';
import { pageHeaders } from './page-headers.ts';

/** What belongs to the API, at an address of the installation or of one project. */
const API = /^(?:\/t\/[^/]+)?\/(?:v1|health)(?:\/|$)/;
/** A file of the dashboard; every other address is one for its program. */
const FILE = /^\/(?:assets\/.+|[^/]+\.[a-z0-9]+)$/;

/**
 * The dashboard: its files, and its one page for whoever opens any other address in a browser. Undefined where the
 * request is none of its business, or this installation has no dashboard.
 */
export async function answerPage(env: GatewayEnv, request: Request): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (env.ASSETS === undefined || !isRead || API.test(pathname)) return undefined;
  if (FILE.test(pathname)) return fileAt(env.ASSETS, request);
  if (request.headers.get('accept')?.includes('text/html') !== true) return undefined;
  const labelled = labelIn(request.url, env.DOMAIN);
  // People sign in at one address: an issuer knows that one alone to send them back to.
  if (labelled !== undefined && labelled.url.hostname !== new URL(request.url).hostname) {
    return Response.redirect(new URL(`/t/${labelled.label}${labelled.url.pathname}`, labelled.url).href, 302);
  }
  return theOnePage(env, env.ASSETS, request);
}

async function fileAt(assets: Fetcher, request: Request): Promise<Response | undefined> {
  const found = await assets.fetch(request);
  return found.status === 404 ? undefined : found;
}

async function theOnePage(env: GatewayEnv, assets: Fetcher, request: Request): Promise<Response> {
  const page = await assets.fetch(new URL('/', request.url), { method: request.method });
  const answer = new Response(page.body, { status: page.status, headers: page.headers });
  for (const [name, value] of Object.entries(pageHeaders(settingsOf(env)))) answer.headers.set(name, value);
  return answer;
}
