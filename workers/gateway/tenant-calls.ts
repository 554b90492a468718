import { type Address, HOLD_HEADER, type Hold, NEAR_HEADER } from '@countersign/durable-objects/tenant/hold';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { LimitMark } from '@countersign/protocol/limits';
import { Refused } from '@countersign/protocol/problem';
import type { GatewayEnv } from './settings.ts';

/** Asks a tenant. What is thrown on the way comes from the platform (a deploy, a reset, overload) and passes. */
export async function callTenant(env: GatewayEnv, address: Address, call: Call): Promise<Reply> {
  try {
    return (await env.TENANT.getByName(address.tenant).call(address, call)) as Reply;
  } catch (cause) {
    throw new Refused(
      {
        code: 'unavailable',
        message: 'the project was interrupted; whether this took effect is not known',
        next: 'send the same request again with the same Idempotency-Key',
      },
      { cause },
    );
  }
}

/** A socket to a tenant, and the limits that opening it has used up most of. */
export interface OpenHold {
  readonly socket: WebSocket;
  readonly near: readonly LimitMark[];
}

/**
 * Opens a socket to a tenant that outlives this call: the tenant sleeps while it is held. Undefined when the
 * platform would not; a poll then ends as one that found nothing. The answer itself where the tenant refuses.
 */
export async function openHold(env: GatewayEnv, hold: Hold): Promise<OpenHold | Reply | undefined> {
  const opened = await openSocket(env, hold);
  if (opened !== undefined && !('ok' in opened)) opened.socket.accept();
  return opened;
}

/** The same, for who hands the socket on and takes no part in what is said: it is not accepted here. */
export async function openSocket(env: GatewayEnv, hold: Hold): Promise<OpenHold | Reply | undefined> {
  try {
    const response = await env.TENANT.getByName(hold.address.tenant).fetch('https://tenant/hold', {
      headers: { upgrade: 'websocket', [HOLD_HEADER]: encodeURIComponent(JSON.stringify(hold)) },
    });
    const { status, webSocket: socket } = response;
    if (status === 429 || status === 403) return (await response.json()) as Reply;
    if (socket === null) return undefined;
    return { socket, near: JSON.parse(response.headers.get(NEAR_HEADER) ?? '[]') as readonly LimitMark[] };
  } catch {
    return undefined;
  }
}
