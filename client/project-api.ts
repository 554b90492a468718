import * as z from 'zod';
import { type CallApi, nextCursor, type Page, viewSchema } from './call-api.ts';
import type { CallOptions } from './http.ts';

const projectsSchema = z.looseObject({
  projects: z.array(z.looseObject({ project_id: z.string() })),
  ...nextCursor,
});
const sourcesSchema = z.looseObject({ sources: z.array(viewSchema), ...nextCursor });

/** The project itself, and the databases that it knows by id. Every method throws `ApiError`. */
export interface ProjectApi {
  projects(page?: Page, options?: CallOptions): Promise<z.infer<typeof projectsSchema>>;
  sources(page?: Page, options?: CallOptions): Promise<z.infer<typeof sourcesSchema>>;
}

export function createProjectApi({ get }: CallApi): ProjectApi {
  return {
    projects: (page = {}, options) => get('/v1/control/projects', projectsSchema, options, { ...page }),
    sources: (page = {}, options) => get('/v1/control/external-sources', sourcesSchema, options, { ...page }),
  };
}
