import { MOST_HANDLERS } from '@countersign/protocol/run/run-requests';
import { labelSchema } from '@countersign/protocol/values';
import * as z from 'zod';

/** Asks a language model, and keeps its answer as an artifact. */
const modelHandlerSchema = z.strictObject({
  kind: z.literal('model', { error: 'must be "model"' }),
  /** Of `models`; a route may name another one of them. */
  provider: labelSchema,
  /** By the provider's name for it; a route may name another. */
  model: labelSchema,
  /** How many of its tasks the runner does at once. */
  at_once: z.int().min(1).max(50).default(4),
});
export type ModelHandlerConfig = z.infer<typeof modelHandlerSchema>;

/** The tasks that a runner does, by the names that routes have for those who do them. */
export const tasksConfigSchema = z.strictObject({
  handlers: z
    .record(labelSchema, modelHandlerSchema)
    .refine((handlers) => Object.keys(handlers).length > 0, 'must name at least one handler')
    .refine(
      (handlers) => Object.keys(handlers).length <= MOST_HANDLERS,
      `must name at most ${MOST_HANDLERS} handlers`,
    ),
});
