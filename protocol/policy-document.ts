import * as z from 'zod';
import {
  coded,
  foreignIdSchema,
  identifierSchema,
  labelSchema,
  MOST_COLUMNS,
  scalarSchema,
  timestampSchema,
} from './values.ts';

/** A policy as it is written: for which capabilities, under which condition, and what then happens. */

export const MOST_CEL_CHARACTERS = 4_000;
export const MOST_APPROVALS = 10;

/** A condition in CEL. What it may see and use is in the engine's `policy-facts.ts` and `inspect-expression.ts`. */
export const celTextSchema = z.string().min(1).max(MOST_CEL_CHARACTERS);

/** Of a policy or a rule: it is a key, a part of ledger entries, and typed in a terminal. */
export const ruleNameSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'must be letters, digits, _ and -, and begin with a letter or _');

/** Stands for every capability, or for everything that can be asked. */
export const EVERY = '*';

export const policyEffects = ['approve', 'ask', 'refuse'] as const;
export type PolicyEffect = (typeof policyEffects)[number];

/** What is counted together: all that the policy approves, or that of each agent, capability or object apart. */
export const limitScopes = ['policy', 'agent', 'capability', 'object'] as const;
export type LimitScope = (typeof limitScopes)[number];

/** Days are those of UTC. */
const everyLimit = { per: z.enum(limitScopes), period: z.literal('day') };
const countLimitSchema = z.strictObject({ count: z.int().min(1), ...everyLimit });
const totalLimitSchema = z.strictObject({ total: z.int().min(0), of: identifierSchema, ...everyLimit });
export const policyLimitSchema = z.union([countLimitSchema, totalLimitSchema]);
export type PolicyLimit = z.infer<typeof policyLimitSchema>;

const someRowSchema = z
  .record(identifierSchema, scalarSchema)
  .refine((row) => Object.keys(row).length <= MOST_COLUMNS, `must have at most ${MOST_COLUMNS} columns`);

/** What a test says of a proposal. A condition that reads anything else cannot be evaluated, as if it were missing. */
const givenFactsSchema = z.strictObject({
  capability: foreignIdSchema.optional(),
  operation: labelSchema.optional(),
  row_count: z.int().min(0).optional(),
  args: someRowSchema.optional(),
  before: someRowSchema.optional(),
  after: someRowSchema.optional(),
  patch: someRowSchema.optional(),
  agent: z.strictObject({ id: labelSchema, name: labelSchema }).partial().optional(),
  principal: labelSchema.optional(),
  tenant_id: labelSchema.optional(),
  object_id: labelSchema.optional(),
  source_id: labelSchema.optional(),
  contract: z
    .strictObject({ name: labelSchema, version: labelSchema, digest: labelSchema })
    .partial()
    .optional(),
  rehearsal: z.strictObject({ status: labelSchema }).partial().optional(),
  reason: z.string().max(2_000).optional(),
  now: timestampSchema.optional(),
});
export type GivenFacts = z.infer<typeof givenFactsSchema>;

export const policyTestSchema = z.strictObject({
  name: labelSchema,
  given: givenFactsSchema,
  expect: z.enum([...policyEffects, 'no_match']),
});
export type PolicyTest = z.infer<typeof policyTestSchema>;

export const policyDocumentSchema = z
  .strictObject({
    name: ruleNameSchema,
    description: z.string().max(2_000).optional(),
    applies_to: z
      .array(z.union([z.literal(EVERY), foreignIdSchema]))
      .min(1)
      .max(50),
    when: celTextSchema,
    effect: z.enum(policyEffects),
    /** Of an asking policy: who must approve, and how many of them. */
    requires: z
      .strictObject({ role: labelSchema.optional(), approvals: z.int().min(1).max(MOST_APPROVALS) })
      .optional(),
    /** Of a refusing policy: shown to the agent, as what would pass. */
    message: z.string().min(1).max(1_000).optional(),
    /** Of an approving policy: beyond them people decide. */
    limits: z.array(policyLimitSchema).max(8).default([]),
    tests: z.array(policyTestSchema).max(50).default([]),
  })
  .superRefine((policy, context) => {
    for (const { path, message } of contradictions(policy)) {
      context.addIssue({ ...coded('policy_invalid', message), path: [path] });
    }
  });
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

interface Contradiction {
  readonly path: keyof PolicyDocument;
  readonly message: string;
}
type Parts = Pick<PolicyDocument, 'applies_to' | 'effect' | 'requires' | 'message' | 'limits' | 'tests'>;

function contradictions(policy: Parts): Contradiction[] {
  const { applies_to, effect, requires, message, limits, tests } = policy;
  const found: Contradiction[] = [];
  const mustHold = (holds: boolean, path: keyof PolicyDocument, text: string) => {
    if (!holds) found.push({ path, message: text });
  };
  mustHold(new Set(applies_to).size === applies_to.length, 'applies_to', 'names a capability twice');
  mustHold(!applies_to.includes(EVERY) || applies_to.length === 1, 'applies_to', '"*" must stand alone');
  mustHold(
    new Set(tests.map((test) => test.name)).size === tests.length,
    'tests',
    'two tests have the same name',
  );
  mustHold((effect === 'ask') === (requires !== undefined), 'requires', 'belongs to a policy that asks');
  mustHold((effect === 'refuse') === (message !== undefined), 'message', 'belongs to a policy that refuses');
  if (effect !== 'approve') {
    mustHold(limits.length === 0, 'limits', 'belong to a policy that approves');
    return found;
  }
  mustHold(limits.length > 0, 'limits', 'a policy that approves needs a limit');
  const approving = tests.filter((test) => test.expect === 'approve').length;
  mustHold(approving > 0, 'tests', 'a policy that approves needs a test that expects approve');
  mustHold(
    approving < tests.length,
    'tests',
    'a policy that approves needs a test that does not expect approve',
  );
  return found;
}
