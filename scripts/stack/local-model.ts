/**
 * A language model for the local runner, where the person at the console has one: any provider with OpenAI's published
 * API. Without it the runner does no tasks by itself; a worker of your own can.
 */
export interface LocalModel {
  readonly baseUrl: string;
  readonly model: string;
  /** Empty for a provider that asks for none. */
  readonly apiKey: string;
}

export const MODEL_KEY = 'COUNTERSIGN_MODEL_KEY';

/** Handlers whose tasks the local runner's token covers: the built-in one, and the story's own. */
export const MODEL_HANDLER = 'model';
export const CLERK = 'clerk';

export function localModel(environment: NodeJS.ProcessEnv = process.env): LocalModel | undefined {
  const { COUNTERSIGN_MODEL: model, COUNTERSIGN_MODEL_URL: baseUrl } = environment;
  if (baseUrl === undefined || model === undefined) return undefined;
  return { baseUrl, model, apiKey: environment[MODEL_KEY] ?? '' };
}

/** What it adds to a runner's configuration. */
export function modelConfig({ apiKey, baseUrl, model }: LocalModel) {
  const isPrivate = /^https?:\/\/(localhost|127\.|\[::1\]|10\.|192\.168\.)/.test(baseUrl);
  return {
    models: {
      local: {
        base_url: baseUrl,
        ...(apiKey === '' ? {} : { api_key: { env: MODEL_KEY } }),
        ...(isPrivate ? { allow_private: true } : {}),
      },
    },
    tasks: { handlers: { [MODEL_HANDLER]: { kind: 'model' as const, provider: 'local', model } } },
  };
}
