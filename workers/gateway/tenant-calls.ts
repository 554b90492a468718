import { type Address, HOLD_HEADER, type Hold } from '@countersign/durable-objects/tenant/hold';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
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

/**
 * Opens a socket to a tenant that outlives this call: the tenant sleeps while it is held. Undefined when the
 * platform would not; a poll then ends as one that found nothing.
 */
export async function openHold(env: GatewayEnv, hold: Hold): Promise<WebSocket | undefined> {
  try {
    const response = await env.TENANT.getByName(hold.address.tenant).fetch('https://tenant/hold', {
      headers: { upgrade: 'websocket', [HOLD_HEADER]: encodeURIComponent(JSON.stringify(hold)) },
    });
    const socket = response.webSocket ?? undefined;
    socket?.accept();
    return socket;
  } catch {
    return undefined;
  }
}
