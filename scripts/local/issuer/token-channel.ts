import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { LocalFault } from '../local-fault.ts';
import type { MintedToken } from './issuer.ts';

/*
 * How the process that started the issuer gets people's tokens: over the IPC channel between the two, which
 * nobody else can open. There is deliberately no address for this.
 */

const requestSchema = z.strictObject({ type: z.literal('mint_token'), id: z.string(), sub: z.string() });

const replySchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('token'),
    id: z.string(),
    token: z.string(),
    expiresAt: z.iso.datetime(),
  }),
  z.strictObject({ type: z.literal('no_token'), id: z.string(), message: z.string() }),
]);

type Request = z.infer<typeof requestSchema>;
type Reply = z.infer<typeof replySchema>;

/** The issuer's end: answers the parent's requests with what `mint` makes. */
export function serveTokens(mint: (sub: string) => Promise<MintedToken>): void {
  process.on('message', async (message) => {
    const request = requestSchema.parse(message);
    process.send?.(await replyTo(request, mint));
  });
  // The channel alone is no reason to stay alive: the server is.
  process.channel?.unref();
}

async function replyTo(request: Request, mint: (sub: string) => Promise<MintedToken>): Promise<Reply> {
  try {
    return { type: 'token', id: request.id, ...(await mint(request.sub)) };
  } catch (cause) {
    return {
      type: 'no_token',
      id: request.id,
      message: cause instanceof Error ? cause.message : String(cause),
    };
  }
}

/**
 * The parent's end: an access token for a person, good for an hour.
 *
 * @param issuer the issuer's process, as the supervisor started it
 * @throws LocalFault `token_not_minted`
 */
export async function requestToken(issuer: ChildProcess, sub: string): Promise<MintedToken> {
  const request: Request = { type: 'mint_token', id: randomUUID(), sub };
  const { promise, resolve, reject } = Promise.withResolvers<MintedToken>();
  const fail = (message: string) =>
    reject(new LocalFault(`No token for ${sub}: ${message}`, { code: 'token_not_minted' }));
  const onMessage = (message: unknown) => {
    const reply = replySchema.safeParse(message).data;
    if (reply?.id !== request.id) return;
    if (reply.type === 'no_token') fail(reply.message);
    else resolve({ token: reply.token, expiresAt: reply.expiresAt });
  };
  const onDisconnect = () => fail('the issuer has stopped.');
  issuer.on('message', onMessage);
  issuer.on('disconnect', onDisconnect);
  try {
    if (!issuer.connected) onDisconnect();
    else issuer.send(request, (cause) => cause && fail(cause.message));
    return await promise;
  } finally {
    issuer.off('message', onMessage);
    issuer.off('disconnect', onDisconnect);
  }
}
