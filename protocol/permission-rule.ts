import * as z from 'zod';
import { celTextSchema, EVERY, ruleNameSchema } from './policy-document.ts';

/**
 * A rule that a project sets over who may ask for what. It narrows what roles and scopes give, and never widens it:
 * a matching `deny` denies; where an `allow` names what is asked, one of those must match.
 */
export const permissionRuleSchema = z
  .strictObject({
    name: ruleNameSchema,
    description: z.string().max(2_000).optional(),
    /** What can be asked, by name, or `*` alone. */
    asks: z
      .array(
        z.union([
          z.literal(EVERY),
          z.string().regex(/^[a-z][a-z-]{0,63}$/, 'must be a name like save-policy'),
        ]),
      )
      .min(1)
      .max(100),
    effect: z.enum(['deny', 'allow']),
    when: celTextSchema,
  })
  .refine((rule) => !rule.asks.includes(EVERY) || rule.asks.length === 1, {
    path: ['asks'],
    message: '"*" must stand alone',
  });
export type PermissionRule = z.infer<typeof permissionRuleSchema>;

export const MOST_PERMISSION_RULES = 100;

/** The rules of a project: all of them are saved together. */
export const permissionRulesSchema = z
  .array(permissionRuleSchema)
  .max(MOST_PERMISSION_RULES)
  .refine(
    (rules) => new Set(rules.map((rule) => rule.name)).size === rules.length,
    'two rules have the same name',
  );
