import * as z from 'zod';
import { foreignIdSchema, timestampSchema } from './values.ts';

const project = { project_id: foreignIdSchema.optional() };
const reasonSchema = z.string().min(1).max(2_000);

/** What a freeze holds back: everything, or what is of one source, contract, agent (by its credential) or runner. */
export const freezeScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('project') }),
  z.strictObject({ kind: z.literal('source'), id: foreignIdSchema }),
  z.strictObject({ kind: z.literal('contract'), id: foreignIdSchema }),
  z.strictObject({ kind: z.literal('agent'), id: foreignIdSchema }),
  z.strictObject({ kind: z.literal('runner'), id: foreignIdSchema }),
]);
export type FreezeScope = z.infer<typeof freezeScopeSchema>;

export const placeFreezeSchema = z.strictObject({
  ...project,
  scope: freezeScopeSchema,
  reason: reasonSchema,
  /** When it ends by itself; without it, when somebody lifts it. */
  until: timestampSchema.optional(),
});

export const liftFreezeSchema = z.strictObject({ ...project, reason: reasonSchema });

/** The emergency stop: of everything, or of one runner. It ends when somebody lifts it. */
export const stopSchema = z.strictObject({
  ...project,
  reason: reasonSchema,
  runner_id: foreignIdSchema.optional(),
});

export const drainRunnerSchema = z.strictObject({
  ...project,
  reason: reasonSchema.optional(),
  /** Takes it back into service. */
  undo: z.boolean().default(false),
});

export const archiveRunnerSchema = z.strictObject({ ...project, reason: reasonSchema.optional() });
