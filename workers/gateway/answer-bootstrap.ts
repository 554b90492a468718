import { createHash, timingSafeEqual } from 'node:crypto';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { Refused } from '@countersign/protocol/problem';
import { accept, type Incoming, keyOf, projectOf, readSent, reveal } from './answer-request.ts';
import { bearerOf } from './auth/authenticate.ts';
import { bootstrapAddressOf } from './directory.ts';
import type { Route } from './routes/route.ts';
import { type GatewayEnv, settingsOf } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

/**
 * Answers the exchange of the installation's bootstrap token for the first service account of a project. The token is
 * compared here; whether it still counts is the tenant's to say, in the turn that makes the account. Throws `Refused`.
 */
export async function answerBootstrap(env: GatewayEnv, route: Route, incoming: Incoming): Promise<Reply> {
  const settings = settingsOf(env);
  const { bootstrapToken } = settings;
  if (bootstrapToken === undefined) {
    throw new Refused({
      code: 'bootstrap_closed',
      message: 'no bootstrap token is set for this installation',
      next: 'whoever runs it sets COUNTERSIGN_BOOTSTRAP_TOKEN; an owner or admin of a project issues tokens without it',
    });
  }
  if (!isSame(bearerOf(incoming.request), bootstrapToken)) {
    throw new Refused({ code: 'token_invalid', message: 'this is not the bootstrap token' });
  }
  const caller = { kind: 'system' } as const;
  const sent = await readSent(route, incoming.request);
  const tenant = projectOf(settings, { caller, tenant: undefined }, incoming, sent);
  const accepted = accept(route, incoming, sent, { caller, tenant, settings });
  if (accepted instanceof Refused) throw accepted;
  const address = await bootstrapAddressOf(env.DB, tenant);
  const key = sent instanceof Refused ? null : keyOf(caller, incoming.request, sent.body);
  const reply = await callTenant(env, address, { caller, ask: accepted.ask, key });
  return reveal(reply, accepted.secret);
}

/** Over digests, which are of one length whatever was sent. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text, 'utf8').digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
