import * as z from 'zod';
import { type CallApi, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

const rulesSchema = z.looseObject({
  rules: z.array(viewSchema),
  /** Whether they hold; a plane that does not say it has not turned them on. */
  enforced: z.boolean().nullish().catch(undefined),
});
export type PermissionRules = z.infer<typeof rulesSchema>;

/** The project's own rules about who may do what. Every method throws `ApiError`. */
export interface PermissionRulesApi {
  read(options?: CallOptions): Promise<PermissionRules>;
  /** Replaces the whole list. */
  save(rules: readonly unknown[], options?: WriteOptions): Promise<View>;
  enforce(on: boolean, reason: string, options?: WriteOptions): Promise<View>;
}

const RULES = '/v1/permission-rules';

export function createPermissionRulesApi({ get, post }: CallApi): PermissionRulesApi {
  return {
    read: (options) => get(RULES, rulesSchema, options),
    save: (rules, options) => post(RULES, { rules }, viewSchema, options),
    enforce: (on, reason, options) => post(`${RULES}/enforcement`, { on, reason }, viewSchema, options),
  };
}
