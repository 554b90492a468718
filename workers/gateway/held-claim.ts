import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import { answer, type Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { ClaimRequest } from '@countersign/protocol/job-requests';
import type { GatewayEnv } from './settings.ts';
import { openHold } from './tenant-calls.ts';

/**
 * A claim that waits. Outward it is plain HTTP; inward a hibernating socket, so that a tenant with a waiting runner
 * can leave memory. Jobs are acknowledged only while the runner is still there: otherwise the tenant takes them
 * back at once. A socket that is lost is an empty answer, and the runner asks again.
 */
export async function holdClaim(
  env: GatewayEnv,
  address: Address,
  caller: Caller,
  request: ClaimRequest,
  gone: AbortSignal,
): Promise<Reply> {
  const socket = await openHold(env, { kind: 'claim', address, caller, request });
  if (socket === undefined) return nothing();
  const message = await nextMessage(socket, request.wait_seconds * 1_000, gone);
  if (message === undefined || gone.aborted) {
    socket.close(1000, 'no longer waiting');
    return nothing();
  }
  socket.send('ack');
  return JSON.parse(message) as Reply;
}

function nothing(): Reply {
  return answer({ ok: true, jobs: [], server_time: new Date().toISOString() });
}

/** The next message of a socket, or undefined when it closes, the time is over, or nobody waits any more. */
export function nextMessage(socket: WebSocket, milliseconds: number, gone: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(undefined), milliseconds);
    const settle = (message: string | undefined) => {
      clearTimeout(timer);
      gone.removeEventListener('abort', onGone);
      resolve(message);
    };
    const onGone = () => settle(undefined);
    gone.addEventListener('abort', onGone);
    socket.addEventListener('message', ({ data }) => settle(String(data)));
    socket.addEventListener('close', () => settle(undefined));
    socket.addEventListener('error', () => settle(undefined));
  });
}
