import * as z from 'zod';
import { type CallApi, type View, viewSchema } from './call-api.ts';
import type { CallOptions } from './http.ts';

const projectsSchema = z.looseObject({ projects: z.array(z.looseObject({ project_id: z.string() })) });

/** Who asks, and how the control plane is. Every method throws `ApiError`. */
export interface SessionApi {
  self(options?: CallOptions): Promise<View>;
  status(options?: CallOptions): Promise<View>;
  /** Ends the token that asks; of people only. */
  revoke(options?: CallOptions): Promise<View>;
  projects(options?: CallOptions): Promise<z.infer<typeof projectsSchema>>;
}

export function createSessionApi({ get, post }: CallApi): SessionApi {
  return {
    self: (options) => get('/v1/control/sessions/self', viewSchema, options),
    status: (options) => get('/v1/control/status', viewSchema, options),
    revoke: (options) => post('/v1/control/sessions/revoke', {}, viewSchema, options),
    projects: (options) => get('/v1/control/projects', projectsSchema, options),
  };
}
