import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { PeerWork } from './peer-queue.ts';

const payloadSchema = z.object({ id: z.string() });

/** A webhook that a peer is to send; its id is its idempotency key. */
export interface WebhookJob {
  readonly id: string;
}

/** The key of all parts, so that each signs the same way. */
export const WEBHOOK_KEY = Buffer.alloc(32, 7);

/** What a peer's task handler does in the outbox's place: a signed POST, as Standard Webhooks has it. */
export class WebhookPosts extends PeerWork {
  readonly #url: string;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  protected override async perform(payload: unknown): Promise<void> {
    const { id } = payloadSchema.parse(payload);
    const timestamp = Math.floor(Date.now() / 1_000);
    const body = JSON.stringify({ type: 'notices.send', timestamp: new Date().toISOString(), data: { id } });
    const signature = createHmac('sha256', WEBHOOK_KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `v1,${signature}`,
      },
      body,
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
  }

  /** There is nothing to close: connections are the platform's. */
  override close(): Promise<void> {
    return Promise.resolve();
  }
}
