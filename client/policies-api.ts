import * as z from 'zod';
import { type CallApi, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

const policySchema = z.looseObject({ name: z.string(), status: z.string().nullish() });
const listSchema = z.looseObject({ policies: z.array(policySchema) });
const policyReplaySchema = z.looseObject({
  would_approve: z.array(z.unknown()),
  of_these_rejected_by_people: z.array(z.unknown()),
});
export type PolicyReplay = z.infer<typeof policyReplaySchema>;

/** Who decides, by rule. Every method throws `ApiError`. */
export interface PoliciesApi {
  list(options?: CallOptions): Promise<z.infer<typeof listSchema>>;
  read(name: string, options?: CallOptions): Promise<View>;
  /** Saves a draft. */
  save(policy: object, options?: WriteOptions): Promise<View>;
  /** Compiles it and runs its tests, without saving it. */
  test(policy: object, options?: CallOptions): Promise<View>;
  /** Puts the newest draft in force, if it is still the document with this digest. */
  activate(name: string, digest: string, reason?: string, options?: WriteOptions): Promise<View>;
  retire(name: string, reason?: string, options?: WriteOptions): Promise<View>;
  /** What it would have approved of what was proposed so far. */
  replay(name: string, options?: CallOptions): Promise<PolicyReplay>;
}

export function createPoliciesApi({ get, post }: CallApi): PoliciesApi {
  const withReason = (reason: string | undefined) => (reason === undefined ? {} : { reason });
  return {
    list: (options) => get('/v1/policies', listSchema, options),
    read: (name, options) => get(path`/v1/policies/${name}`, viewSchema, options),
    save: (policy, options) => post('/v1/policies', { policy }, viewSchema, options),
    test: (policy, options) => post('/v1/policies/test', { policy }, viewSchema, options),
    activate: (name, digest, reason, options) =>
      post(path`/v1/policies/${name}/activate`, { digest, ...withReason(reason) }, viewSchema, options),
    retire: (name, reason, options) =>
      post(path`/v1/policies/${name}/retire`, withReason(reason), viewSchema, options),
    replay: (name, options) => get(path`/v1/policies/${name}/replay`, policyReplaySchema, options),
  };
}
