import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** What Standard Webhooks asks of a secret, in bytes. */
const SHORTEST = 24;
const LONGEST = 64;

export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** The key that a `whsec_` secret stands for; undefined when it is no such secret. */
export function webhookKey(secret: string): Buffer | undefined {
  const text = secret.slice(PREFIX.length);
  if (!secret.startsWith(PREFIX) || !BASE64.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length >= SHORTEST && key.length <= LONGEST ? key : undefined;
}

/** The value of `webhook-signature`: one signature for each key, so that a receiver may have either. */
export function webhookSignature(keys: readonly Buffer[], { body, id, timestamp }: SignedMessage): string {
  return keys
    .map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'))
    .map((signature) => `v1,${signature}`)
    .join(' ');
}
