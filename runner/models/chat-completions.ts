import * as z from 'zod';
import { guardedFetch, type HttpGuard } from '../executors/guarded-fetch.ts';
import { jsonOf } from '../executors/http-outcome.ts';
import { wordOf } from '../executors/outcomes.ts';
import { readHeaderSecret, type SecretReader } from '../executors/secret-reader.ts';
import { ServiceFault } from '../executors/service-fault.ts';
import { serviceFaultOf, serviceFaultOfStatus } from '../executors/service-outcome.ts';
import type { Completion, CompletionRequest, ModelProvider } from './model-provider.ts';
import type { ModelConfig } from './models-config.ts';
import { readCompletion } from './read-completion.ts';

export interface ChatCompletionsOptions {
  readonly guard: HttpGuard;
  readonly url: string;
  /** null: the provider asks for none. */
  readonly apiKey: SecretReader | null;
  readonly outputLimit: ModelConfig['output_limit'];
}

const refusalSchema = z.object({ error: z.object({ code: z.unknown(), type: z.unknown() }).partial() });

/** Chat completions as OpenAI publishes them and others answer them: one question, one whole answer. */
export class ChatCompletions implements ModelProvider {
  readonly #options: ChatCompletionsOptions;

  constructor(options: ChatCompletionsOptions) {
    this.#options = options;
  }

  async complete(request: CompletionRequest, signal: AbortSignal): Promise<Completion> {
    const { guard, outputLimit, url } = this.#options;
    const { max_output_tokens, messages, model, temperature } = request;
    const body = JSON.stringify({ model, messages, [outputLimit]: max_output_tokens, temperature });
    const headers = { 'content-type': 'application/json', ...(await this.#authorization()) };
    const answer = await guardedFetch(guard, signal)(url, { method: 'POST', headers, body }).catch(
      (cause: unknown) => {
        throw serviceFaultOf('model provider', cause);
      },
    );
    const json = await jsonOf(answer);
    if (!answer.ok) throw serviceFaultOfStatus('model provider', answer, wordIn(json));
    return readCompletion(json);
  }

  async #authorization(): Promise<{ authorization?: string }> {
    const { apiKey } = this.#options;
    if (apiKey === null) return {};
    const secret = await readHeaderSecret(apiKey);
    if (secret === undefined) {
      throw new ServiceFault('model provider', { outcome: 'retry', code: 'secret_missing' });
    }
    return { authorization: `Bearer ${secret}` };
  }
}

/** The provider's word for its refusal, and never its sentence, which may repeat what it was asked. */
function wordIn(json: unknown): string | undefined {
  const refusal = refusalSchema.safeParse(json);
  return refusal.success ? (wordOf(refusal.data.error.code) ?? wordOf(refusal.data.error.type)) : undefined;
}
