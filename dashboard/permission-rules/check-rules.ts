import { type PermissionRule, permissionRulesSchema } from '@countersign/protocol/permission-rule';
import { type Problem, pathText, readJson } from '../policies/check-text.ts';

/** A list of rules that is being written: in good form, or what is wrong with it. */
export type CheckedRules =
  | { readonly ok: true; readonly rules: readonly PermissionRule[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function checkRules(text: string): CheckedRules {
  const read = readJson(text);
  if (!read.ok) return read;
  const parsed = permissionRulesSchema.safeParse(read.value);
  if (parsed.success) return { ok: true, rules: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ message, path }) => ({ path: pathText(path), message })),
  };
}
