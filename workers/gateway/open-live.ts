import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { LIVE_PROTOCOL } from '@countersign/protocol/live-messages';
import { liveQuerySchema } from '@countersign/protocol/live-requests';
import { readTicket } from '@countersign/protocol/live-ticket';
import { Refused } from '@countersign/protocol/problem';
import { parseOrRefuse } from '@countersign/protocol/validation';
import type { Incoming } from './answer-request.ts';
import { addressOf, projectOfLabel } from './directory.ts';
import { headersFor } from './error-edge.ts';
import { labelIn } from './label-address.ts';
import { type GatewayEnv, settingsOf } from './settings.ts';
import { openSocket } from './tenant-calls.ts';

const NEW_TICKET = 'ask for one at /v1/live/tickets';

/**
 * Opens the live feed and hands its socket on: from then on the gateway takes no part, so that tenant and gateway sleep
 * while nothing happens. The ticket comes as a subprotocol, since a browser can send no header of its own and addresses
 * are logged; it is never chosen, so no answer shows it. Throws `Refused`.
 */
export async function openLive(env: GatewayEnv, incoming: Incoming): Promise<Response | Reply> {
  const { query, request, trail } = incoming;
  const settings = settingsOf(env);
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
    throw new Refused({
      code: 'upgrade_required',
      message: 'the live feed is a WebSocket, and this request asks for none',
      next: 'send it with upgrade: websocket',
    });
  }
  const claims = readTicket(ticketOf(request), settings.macKeys);
  if (claims === undefined) {
    throw new Refused({
      code: 'ticket_invalid',
      message: 'the ticket is not of this plane',
      next: NEW_TICKET,
    });
  }
  const { digest, tenant } = claims;
  trail.means(tenant);
  const { after, hash, project_id } = parseOrRefuse(liveQuerySchema, query);
  if (project_id !== undefined && project_id !== tenant) {
    throw new Refused({ code: 'wrong_project', message: 'the ticket belongs to another project' });
  }
  await assertOrigin(env, incoming, tenant);
  const address = await addressOf(env.DB, tenant);
  const from = { after: after ?? null, hash: hash ?? null };
  const opened = await openSocket(env, { kind: 'live', address, ticket: digest, from });
  if (opened === undefined) {
    throw new Refused({
      code: 'unavailable',
      message: 'the project was interrupted; nothing was opened',
      next: 'come back with another ticket',
    });
  }
  if ('ok' in opened) return opened;
  trail.answered(101);
  const headers = { ...headersFor(trail.requestId), 'sec-websocket-protocol': LIVE_PROTOCOL };
  return new Response(null, { status: 101, webSocket: opened.socket, headers });
}

/** The ticket that is offered beside the protocol. Throws `Refused`. */
function ticketOf({ headers }: Request): string {
  const offered = (headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  const tickets = offered.filter((name) => name !== LIVE_PROTOCOL && name !== '');
  const [ticket, ...others] = tickets;
  if (ticket !== undefined && others.length === 0 && offered.includes(LIVE_PROTOCOL)) return ticket;
  throw new Refused({
    code: 'ticket_missing',
    message: `offer two subprotocols: ${LIVE_PROTOCOL} and a ticket`,
    next: NEW_TICKET,
  });
}

/**
 * A page is of the plane itself, of the project's own address, or on the project's list of origins. A program says
 * nothing. By host and port alone: a proxy before the plane may have taken the encryption away, and no credential is sent
 * by itself that a page could borrow. Throws `Refused`.
 */
async function assertOrigin(
  env: GatewayEnv,
  { pageProject, request }: Incoming,
  tenant: string,
): Promise<void> {
  const sent = request.headers.get('origin');
  if (sent === null || pageProject === tenant) return;
  if (URL.canParse(sent) && new URL(sent).host === new URL(request.url).host) return;
  if (URL.canParse(sent) && (await isOfProject(env, sent, tenant))) return;
  throw new Refused({
    code: 'origin_refused',
    message: 'the page that asks is of an origin that this project does not know; nothing was opened',
    next: 'let a manager allow it: countersign cors allow',
  });
}

/** Whether an origin is the address that the project has by its label. */
async function isOfProject(env: GatewayEnv, origin: string, tenant: string): Promise<boolean> {
  const labelled = labelIn(`${origin}/`, env.DOMAIN);
  return labelled !== undefined && (await projectOfLabel(env.DB, labelled.label)) === tenant;
}
