import * as z from 'zod';
import { shownNameSchema } from './people-requests.ts';
import { wordSchema } from './run/task.ts';
import { foreignIdSchema, identifierSchema, labelSchema, timestampSchema } from './values.ts';

const MOST_SOURCES = 100;
const MOST_SCOPES = 50;
const MOST_TARGETS = 100;
const MOST_HANDLERS = 100;
const MOST_CAPABILITIES = 200;
const MOST_BINDINGS = 20;
const LONGEST_OVERLAP_S = 86_400;
/** The end of the year 9999. */
const LATEST_S = 253_402_300_799;

function distinct<Item extends z.ZodType>(item: Item, least: number, most: number) {
  return z
    .array(item)
    .min(least)
    .max(most)
    .refine((list) => new Set(list).size === list.length, 'must not repeat');
}

const projectField = { project_id: foreignIdSchema.optional() };
const reasonField = { reason: z.string().max(2_000).optional() };
/** Unix seconds, as existing clients send it (PROTOCOL 1.7), or a timestamp, as answers have it. */
export const expirySchema = z.union([z.int().min(1).max(LATEST_S), timestampSchema]);
export type Expiry = z.infer<typeof expirySchema>;
const expiryField = { expires_at: expirySchema.optional() };
/** How long the secret that is replaced goes on working; not at all where nothing is said. */
const overlapField = { overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP_S).default(0) };
const sourcesField = { source_ids: distinct(foreignIdSchema, 1, MOST_SOURCES) };

export const createRunnerTokenSchema = z
  .strictObject({
    ...projectField,
    name: shownNameSchema,
    /** None, for a worker that only performs actions or works at tasks. */
    source_ids: distinct(foreignIdSchema, 0, MOST_SOURCES).default([]),
    /** Accounts at providers that it may act on, by the names that contracts have for them. */
    targets: distinct(labelSchema, 1, MOST_TARGETS).optional(),
    /** Whose tasks it may work at, by the names that routes have for them. */
    handlers: distinct(wordSchema, 1, MOST_HANDLERS).optional(),
    /** All that a runner may have, where absent. */
    permissions: distinct(foreignIdSchema, 1, MOST_SCOPES).optional(),
  })
  .refine(
    ({ handlers = [], source_ids, targets = [] }) => source_ids.length + targets.length + handlers.length > 0,
    { path: ['source_ids'], message: 'must name a source, or targets or handlers must name something' },
  );

export const rotateCredentialSchema = z.strictObject({ ...projectField, ...overlapField, ...expiryField });
export const revokeCredentialSchema = z.strictObject({ ...projectField, ...reasonField });

/** Scopes of a service account. */
export const distinctScopesSchema = distinct(foreignIdSchema, 1, MOST_SCOPES);

export const createApiKeySchema = z.strictObject({
  ...projectField,
  name: shownNameSchema,
  scopes: distinctScopesSchema,
  /** What existing clients say in one word of the scopes; a `readonly` key has no scope that changes anything. */
  role: z.enum(['developer', 'readonly']).optional(),
  ...expiryField,
  /** The databases that it may propose changes of: only with the scope to propose. */
  source_ids: distinct(foreignIdSchema, 1, MOST_SOURCES).optional(),
});

export const rotateApiKeySchema = z.strictObject({
  ...projectField,
  key_id: foreignIdSchema,
  ...overlapField,
  ...expiryField,
});
export const revokeApiKeySchema = z.strictObject({
  ...projectField,
  key_id: foreignIdSchema,
  ...reasonField,
});

const boundSchema = z.string().min(1).max(200);
/** Whom an agent acts for: nothing that it sends can say otherwise. */
export const bindingsSchema = z
  .object({ tenant_id: boundSchema, principal: boundSchema })
  .catchall(boundSchema)
  .refine((bindings) => Object.keys(bindings).length <= MOST_BINDINGS, `must have at most ${MOST_BINDINGS}`)
  .refine(
    (bindings) => Object.keys(bindings).every((name) => identifierSchema.safeParse(name).success),
    'names must be letters, digits and _',
  );

export const createAgentSchema = z.strictObject({
  ...projectField,
  name: shownNameSchema,
  bindings: bindingsSchema,
  ...sourcesField,
  /** Those that it may propose; all that are in force where absent or null. */
  capabilities: distinct(labelSchema, 1, MOST_CAPABILITIES).nullable().optional(),
  ...expiryField,
});
