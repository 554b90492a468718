import * as z from 'zod';
import { type CallApi, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions } from './http.ts';

const projectsSchema = z.looseObject({ projects: z.array(z.looseObject({ project_id: z.string() })) });

/** Who asks, and how the control plane is. Every method throws `ApiError`. */
export interface SessionApi {
  self(options?: CallOptions): Promise<View>;
  status(options?: CallOptions): Promise<View>;
  entitlements(projectId: string, options?: CallOptions): Promise<View>;
  projects(options?: CallOptions): Promise<z.infer<typeof projectsSchema>>;
}

export function createSessionApi({ get }: CallApi): SessionApi {
  return {
    self: (options) => get('/v1/control/sessions/self', viewSchema, options),
    status: (options) => get('/v1/control/status', viewSchema, options),
    entitlements: (projectId, options) =>
      get(path`/v1/control/projects/${projectId}/entitlements`, viewSchema, options),
    projects: (options) => get('/v1/control/projects', projectsSchema, options),
  };
}
