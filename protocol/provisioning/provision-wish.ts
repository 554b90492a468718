import * as z from 'zod';
import { foreignIdSchema } from '../values.ts';
import { labelSchema } from './label.ts';

/** Where a tenant's object and rows should lie: the platform's location hints. */
export const regions = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const;
export type Region = (typeof regions)[number];
/** Where they must stay. */
export const jurisdictions = ['eu', 'fedramp'] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

const sourceSchema = z.strictObject({
  source_id: foreignIdSchema,
  name: z.string().min(1).max(120),
  engine: z.enum(['postgres', 'mysql']),
});

export const provisionSchema = z.strictObject({
  label: labelSchema,
  region: z.enum(regions).optional(),
  jurisdiction: z.enum(jurisdictions).optional(),
  /** Databases that runners will serve; what they are reached with never comes here. */
  sources: z
    .array(sourceSchema)
    .max(10)
    .default([])
    .refine(
      (all) => new Set(all.map(({ source_id }) => source_id)).size === all.length,
      'names a source twice',
    ),
  /** A runner on the hosting provider's machines, for actions and tasks. */
  hosted_runner: z
    .strictObject({
      targets: z.array(foreignIdSchema).max(20).default([]),
      handlers: z.array(foreignIdSchema).max(20).default([]),
    })
    .optional(),
});
export type Provision = z.infer<typeof provisionSchema>;
