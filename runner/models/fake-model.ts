import * as z from 'zod';
import { FakeProvider, type ProviderBehaviour, type ProviderRequest } from '../executors/fake-provider.ts';

export const FAKE_MODEL_KEY = 'topsecret-key-0123456789';
export const FAKE_MODEL_NAME = 'small-1';

/** What may be asked, of https://platform.openai.com/docs/api-reference/chat/create; nothing else is sent. */
const requestSchema = z.strictObject({
  model: z.string(),
  messages: z
    .array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))
    .min(1),
  max_completion_tokens: z.int().min(1).optional(),
  max_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
});

interface Choice {
  readonly finish_reason?: string;
  readonly message?: object;
}

/** An answer in its published shape, with what a model says to it. */
export function chatCompletion({ finish_reason = 'stop', message = {} }: Choice = {}, more: object = {}) {
  return {
    id: 'chatcmpl-123',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: `${FAKE_MODEL_NAME}-2026-01-01`,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Dear customer', refusal: null, annotations: [], ...message },
        logprobs: null,
        finish_reason,
      },
    ],
    usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
    service_tier: 'default',
    ...more,
  };
}

/** A refusal in its published shape. */
export function chatRefusal(status: number, error: object, headers = {}): ProviderBehaviour {
  return { status, headers, body: { error: { message: 'about what was asked', param: null, ...error } } };
}

/** For tests: an HTTP server with one model, which answers as the published API does, or misbehaves as it is told. */
export class FakeModel {
  readonly provider: FakeProvider;

  private constructor(provider: FakeProvider) {
    this.provider = provider;
    this.behave();
  }

  static async start(): Promise<FakeModel> {
    return new FakeModel(await FakeProvider.start());
  }

  get baseUrl(): string {
    return `${this.provider.origin}/v1`;
  }

  /** As the published API does, from now on. */
  behave(): void {
    this.provider.requests.length = 0;
    this.provider.behave = answerOf;
  }

  stop(): Promise<void> {
    return this.provider.stop();
  }
}

function answerOf({ body, headers, method, path }: ProviderRequest): ProviderBehaviour {
  if (method !== 'POST' || path !== '/v1/chat/completions') return { status: 404, body: 'not found' };
  if (headers.authorization !== `Bearer ${FAKE_MODEL_KEY}`) {
    return chatRefusal(401, { type: 'invalid_request_error', code: 'invalid_api_key' });
  }
  const asked = requestSchema.safeParse(JSON.parse(body));
  if (!asked.success) return chatRefusal(400, { type: 'invalid_request_error', code: null });
  if (asked.data.model !== FAKE_MODEL_NAME) {
    return chatRefusal(404, { type: 'invalid_request_error', code: 'model_not_found' });
  }
  return { body: chatCompletion() };
}
