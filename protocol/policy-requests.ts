import * as z from 'zod';
import { permissionRulesSchema } from './permission-rule.ts';
import { policyDocumentSchema } from './policy-document.ts';
import { digestSchema, foreignIdSchema } from './values.ts';

const project = { project_id: foreignIdSchema.optional() };

export const savePolicySchema = z.strictObject({ ...project, policy: policyDocumentSchema });

/** Which document is meant: the newest draft may be somebody's since it was looked at. */
export const activatePolicySchema = z.strictObject({
  ...project,
  digest: digestSchema,
  reason: z.string().max(2_000).optional(),
});

export const savePermissionRulesSchema = z.strictObject({ ...project, rules: permissionRulesSchema });

export const enforcePermissionRulesSchema = z.strictObject({
  ...project,
  on: z.boolean(),
  reason: z.string().min(1).max(2_000),
});
