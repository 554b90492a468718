import * as z from 'zod';
import { identifierSchema } from '../values.ts';

/** How the version that guards a row moves with the write (PROTOCOL 3.5): by one, or as the database does it. */
export const versionAdvanceSchema = z.strictObject({
  column: identifierSchema,
  strategy: z.enum(['integer_increment', 'database_generated']),
});
export type VersionAdvance = z.infer<typeof versionAdvanceSchema>;

/** Where many rows move together, each by one. */
export const integerAdvanceSchema = versionAdvanceSchema.extend({ strategy: z.literal('integer_increment') });
