import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { Inbox } from './inbox.ts';
import type { Holding } from './routes/route.ts';
import type { GatewayEnv } from './settings.ts';
import { callTenant, openHold } from './tenant-calls.ts';

/**
 * Reads a proposal or a run, and waits for it to change when there is nothing new. The socket is open before the first read,
 * so that no change falls between them; what it says is only "look again", so it tells nothing to anybody who may
 * not look.
 */
export async function holdRead(
  env: GatewayEnv,
  address: Address,
  call: Call,
  { id, seconds, after }: Extract<Holding, { kind: 'change' }>,
): Promise<Reply> {
  const opened = await openHold(env, { kind: 'watch', address, id });
  const inbox = opened === undefined || 'ok' in opened ? undefined : new Inbox(opened.socket);
  const first = await callTenant(env, address, call);
  // Only who may look is told that there is no room to wait.
  if (opened !== undefined && 'ok' in opened && isWorthWaiting(first, after)) return opened;
  const isNews =
    inbox !== undefined && isWorthWaiting(first, after) && (await inbox.next(seconds * 1_000)) !== undefined;
  inbox?.close();
  return isNews ? callTenant(env, address, call) : first;
}

function isWorthWaiting(reply: Reply, after: number | undefined): boolean {
  if (!reply.ok || reply.body.terminal === true) return false;
  return after === undefined || Number(reply.body.ledger_seq) <= after;
}
