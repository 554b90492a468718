import type { LookPlan } from '../queries/look.ts';
import { answer } from '../turn/reply.ts';

/** The permission rules of the project, and whether they hold. */
export function readPermissionRules(): LookPlan {
  return { statements: [], answer: (_rows, { permissions }) => answer({ ok: true, ...permissions }) };
}
