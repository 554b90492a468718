import * as z from 'zod';
import { type CallApi, type View, viewSchema } from './call-api.ts';
import type { CallOptions } from './http.ts';

const callerSchema = z.looseObject({
  kind: z.string(),
  /** Of a person, `issuer sub`; of others the credential's id. */
  actor: z.string(),
  name: z.string(),
  project_id: z.string(),
  roles: z.array(z.string()).optional(),
  approval_roles: z.array(z.string()).optional(),
  expires_at: z.string().nullish(),
  /** Everything that the caller may ask here, by name, as far as it does not depend on what it is about. */
  may: z.array(z.string()).default([]),
});
export type CallerView = z.infer<typeof callerSchema>;
export const selfSchema = z.looseObject({ context: callerSchema });

/** Who asks, and how the control plane is. Every method throws `ApiError`. */
export interface SessionApi {
  self(options?: CallOptions): Promise<z.infer<typeof selfSchema>>;
  status(options?: CallOptions): Promise<View>;
  /** Ends the token that asks; of people only. */
  revoke(options?: CallOptions): Promise<View>;
}

export function createSessionApi({ get, post }: CallApi): SessionApi {
  return {
    self: (options) => get('/v1/control/sessions/self', selfSchema, options),
    status: (options) => get('/v1/control/status', viewSchema, options),
    revoke: (options) => post('/v1/control/sessions/revoke', {}, viewSchema, options),
  };
}
