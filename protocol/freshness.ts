import * as z from 'zod';
import { digest } from './canonical-json.ts';
import type { Add } from './change-set/add-issue.ts';
import { adder } from './change-set/add-issue.ts';
import { engineOf, type SourceKind } from './change-set/engine.ts';
import { columnValueSchema, digestSchema, identifierSchema, labelSchema } from './values.ts';

const dependencySchema = z.strictObject({
  id: identifierSchema,
  capability: labelSchema,
  source_id: labelSchema,
  engine: z.enum(['postgres', 'mysql']),
  target: z.strictObject({
    schema: identifierSchema,
    table: identifierSchema,
    primary_key: columnValueSchema,
    tenant_column: identifierSchema,
    principal_column: identifierSchema.optional(),
  }),
  expected_version: columnValueSchema,
  evidence: z.strictObject({ bundle_id: labelSchema, query_fingerprint: z.string().max(200) }),
  descriptor_digest: digestSchema,
});
type Dependency = z.infer<typeof dependencySchema>;

/** PROTOCOL 3.14. Stored and handed on word for word; its digests cover what it says. */
export const freshnessAuthoritySchema = z
  .strictObject({
    schema_version: z.literal('synapsor.freshness-authority.v1'),
    required: z.literal(true),
    target: z.strictObject({
      mode: z.enum(['exact_guard', 'frozen_set', 'not_applicable']),
      member_count: z.int().min(0).max(100),
    }),
    dependencies: z.array(dependencySchema).max(16),
    dependency_set_digest: digestSchema,
  })
  .superRefine(({ dependency_set_digest, ...content }, context) => {
    const add = adder(context);
    const { dependencies } = content;
    dependencies.forEach(({ descriptor_digest, ...described }, index) => {
      if (digest(described) !== descriptor_digest)
        add(
          ['dependencies', index, 'descriptor_digest'],
          'validation_failed',
          'is not the digest of the rest',
        );
    });
    if (new Set(dependencies.map(({ id }) => id)).size !== dependencies.length)
      add(['dependencies'], 'validation_failed', 'names one id twice');
    // Existing workers refuse the whole claim when one job's dependencies are in another order.
    if (dependencies.some((one, index) => index > 0 && isBefore(one, dependencies[index - 1])))
      add(['dependencies'], 'validation_failed', 'must be ordered by source, schema, table, key and id');
    if (digest(content) !== dependency_set_digest)
      add(['dependency_set_digest'], 'validation_failed', 'is not the digest of the rest');
  });
export type FreshnessAuthority = z.infer<typeof freshnessAuthoritySchema>;

function isBefore(one: Dependency, other: Dependency | undefined): boolean {
  if (other === undefined) return false;
  const theirs = placeOf(other);
  const difference = placeOf(one)
    .map((part, index) => part.localeCompare(theirs[index] ?? '', 'en'))
    .find((order) => order !== 0);
  return (difference ?? 0) < 0;
}

function placeOf({ source_id, target, id }: Dependency): readonly string[] {
  return [source_id, target.schema, target.table, JSON.stringify(target.primary_key.value), id];
}

interface Source {
  readonly kind: SourceKind;
  readonly source_id: string;
}

/**
 * Whether an authority is for this change: its mode and number of rows follow from the operation, and a runner can look
 * only at rows of the database in which it writes.
 */
export function checkFreshness(
  freshness: FreshnessAuthority | undefined,
  source: Source,
  { mode, rows }: { readonly mode: FreshnessAuthority['target']['mode']; readonly rows: number },
  add: Add,
): void {
  if (freshness === undefined) return;
  const { target, dependencies } = freshness;
  if (target.mode !== mode) add(['target', 'mode'], 'validation_failed', `must be ${mode} for this change`);
  if (target.member_count !== rows)
    add(['target', 'member_count'], 'validation_failed', `must be ${rows} for this change`);
  dependencies.forEach(({ source_id, engine }, index) => {
    if (source_id !== source.source_id)
      add(['dependencies', index, 'source_id'], 'validation_failed', 'is another source than the change has');
    if (engine !== engineOf(source.kind))
      add(['dependencies', index, 'engine'], 'validation_failed', 'is another engine than the change has');
  });
}
