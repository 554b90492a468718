import { labelSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { addIssue } from '../config/add-issue.ts';
import { secretReferenceSchema } from '../config/secret.ts';
import { baseUrlFault } from '../executors/executor-url.ts';

/** One provider of language models: any with the chat completions of OpenAI's API. */
const modelConfigSchema = z
  .strictObject({
    /** What `/chat/completions` is put after. */
    base_url: z.string(),
    /** Left away where the provider asks for none, as one that runs beside the runner. */
    api_key: secretReferenceSchema.optional(),
    /**
     * The field that bounds an answer. `max_tokens` is its old name, which some providers still go by alone, while
     * OpenAI's newer models refuse it.
     */
    output_limit: z.enum(['max_completion_tokens', 'max_tokens']).default('max_completion_tokens'),
    /** For all of a request: an answer comes at once when it is complete. */
    timeout_ms: z.int().min(100).max(600_000).default(120_000),
    allow_private: z.boolean().default(false),
  })
  .superRefine(({ allow_private, base_url }, context) => {
    addIssue(context, baseUrlFault(base_url, allow_private), ['base_url']);
  });
export type ModelConfig = z.infer<typeof modelConfigSchema>;

/** The runner's providers of language models, by the names that tasks have for them. */
export const modelsConfigSchema = z.record(labelSchema, modelConfigSchema);
export type ModelsConfig = z.infer<typeof modelsConfigSchema>;
