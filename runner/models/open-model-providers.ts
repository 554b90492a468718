import { ConfigError } from '../config/config-error.ts';
import { headerSecretFault, secretReader } from '../executors/secret-reader.ts';
import { ChatCompletions } from './chat-completions.ts';
import type { ModelProvider } from './model-provider.ts';
import type { ModelConfig, ModelsConfig } from './models-config.ts';

/** The longest answers of today's models have under a megabyte. */
const MOST_ANSWER_BYTES = 4 * 1_024 * 1_024;

/**
 * The model providers that a configuration names. Reads each key once, so that one that is missing is told now and not
 * with the first question; throws `ConfigError` with all of them. Asks the providers nothing.
 */
export async function openModelProviders(
  config: ModelsConfig,
  environment = process.env,
): Promise<ReadonlyMap<string, ModelProvider>> {
  const faults: string[] = [];
  const byName = new Map<string, ModelProvider>();
  for (const [name, one] of Object.entries(config)) {
    const fault = await keyFault(one, environment);
    if (fault !== undefined) faults.push(`$.models.${name}: ${fault}`);
    byName.set(name, openModelProvider(one, environment));
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return byName;
}

async function keyFault(
  { api_key }: ModelConfig,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return api_key === undefined ? undefined : headerSecretFault(secretReader(api_key, environment));
}

/** One model provider, whose key is read with each question. */
export function openModelProvider(config: ModelConfig, environment = process.env): ModelProvider {
  const { allow_private, api_key, base_url, output_limit, timeout_ms } = config;
  return new ChatCompletions({
    guard: {
      origin: new URL(base_url).origin,
      allowPrivate: allow_private,
      timeoutMs: timeout_ms,
      mostAnswerBytes: MOST_ANSWER_BYTES,
    },
    url: `${base_url.replace(/\/+$/, '')}/chat/completions`,
    apiKey: api_key === undefined ? null : secretReader(api_key, environment),
    outputLimit: output_limit,
  });
}
