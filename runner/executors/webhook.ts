import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import * as z from 'zod';
import type { Effect, Executor } from './executor.ts';
import { guardedFetch, type HttpGuard } from './guarded-fetch.ts';
import { HttpFault } from './http-fault.ts';
import { jsonOf, outcomeOfFault, outcomeOfStatus } from './http-outcome.ts';
import { misconfigured, succeeded } from './outcomes.ts';
import { readSecrets, type SecretReader } from './secret-reader.ts';
import { webhookKey, webhookSignature } from './webhook-signature.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly guard: HttpGuard;
  /** The newest first; more than one while the receiver changes from one to the next. */
  readonly secrets: readonly SecretReader[];
  /** How long the receiver drops a repeated `webhook-id` (ms). */
  readonly remembersMs: number;
  readonly now?: () => number;
}

const answerSchema = z.object({ id: z.string() });

/** Posts what is to happen to a receiver of one's own, as Standard Webhooks (https://www.standardwebhooks.com). */
export class WebhookExecutor implements Executor {
  readonly provider = 'webhook';
  readonly remembersMs: number;
  readonly #options: WebhookOptions;

  constructor(options: WebhookOptions) {
    this.remembersMs = options.remembersMs;
    this.#options = options;
  }

  async perform(effect: Effect, signal: AbortSignal): Promise<ActionOutcome> {
    const keys = await this.#keys();
    if (keys === undefined) return misconfigured('secret_missing');
    try {
      return await outcomeOf(await this.#post(effect, keys, signal));
    } catch (fault) {
      // It had said yes before it lost its way.
      if (fault instanceof HttpFault && isYes(fault.status)) return succeeded(null);
      return outcomeOfFault(fault);
    }
  }

  async #keys(): Promise<readonly Buffer[] | undefined> {
    const secrets = await readSecrets(this.#options.secrets);
    const keys = secrets?.map(webhookKey).filter((key) => key !== undefined);
    return keys === undefined || keys.length < this.#options.secrets.length ? undefined : keys;
  }

  #post(effect: Effect, keys: readonly Buffer[], signal: AbortSignal): Promise<Response> {
    const { guard, now = Date.now, url } = this.#options;
    const sentAt = now();
    const timestamp = Math.floor(sentAt / 1_000);
    const body = JSON.stringify({
      type: effect.name,
      timestamp: new Date(sentAt).toISOString(),
      data: effect.input,
    });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': effect.key,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature(keys, { id: effect.key, timestamp, body }),
    };
    return guardedFetch(guard, signal)(url, { method: 'POST', headers, body });
  }
}

async function outcomeOf(answer: Response): Promise<ActionOutcome> {
  if (!isYes(answer.status)) return outcomeOfStatus(answer.status, answer.headers.get('retry-after'));
  const parsed = answerSchema.safeParse(await jsonOf(answer));
  return succeeded(parsed.success ? parsed.data.id : null);
}

function isYes(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status <= 299;
}
