import { type CallApi, type View, viewSchema } from './call-api.ts';
import type { CallOptions } from './http.ts';

/** Who asks, and how the control plane is. Every method throws `ApiError`. */
export interface SessionApi {
  self(options?: CallOptions): Promise<View>;
  status(options?: CallOptions): Promise<View>;
  /** Ends the token that asks; of people only. */
  revoke(options?: CallOptions): Promise<View>;
}

export function createSessionApi({ get, post }: CallApi): SessionApi {
  return {
    self: (options) => get('/v1/control/sessions/self', viewSchema, options),
    status: (options) => get('/v1/control/status', viewSchema, options),
    revoke: (options) => post('/v1/control/sessions/revoke', {}, viewSchema, options),
  };
}
