import * as z from 'zod';
import { createCallApi, path } from './call-api.ts';
import type { CallOptions, Connection, WriteOptions } from './http.ts';

const progressSchema = z.looseObject({
  label: z.string(),
  project_id: z.string(),
  state: z.enum(['going', 'done', 'undoing', 'undone']),
  revision: z.int(),
  failure: z.looseObject({ step: z.string(), trouble: z.string() }).nullable(),
  steps: z.array(z.looseObject({ name: z.string(), state: z.string(), trouble: z.string().nullable() })),
});
export type ProjectProgress = z.infer<typeof progressSchema>;

const ownProjectsSchema = z.looseObject({
  projects: z.array(z.looseObject({ project_id: z.string(), label: z.string(), status: z.string() })),
});

/** What is asked for to be a project of one's own. */
export interface ProjectWish {
  readonly label: string;
  readonly region?: string;
  readonly jurisdiction?: string;
  readonly sources?: readonly {
    readonly source_id: string;
    readonly name: string;
    readonly engine: string;
  }[];
  readonly hosted_runner?: { readonly targets: readonly string[]; readonly handlers: readonly string[] };
}

/** A person's own projects, before and beside any of them. Every method throws `ApiError`. */
export interface AccountApi {
  /** Asks for a project; the same wish again is answered with how far it has come. */
  create(wish: ProjectWish, options?: WriteOptions): Promise<ProjectProgress>;
  /** How far it has come; with `after` once it has another revision, or the time is over. */
  progress(label: string, after?: number, options?: CallOptions): Promise<ProjectProgress>;
  projects(options?: CallOptions): Promise<z.infer<typeof ownProjectsSchema>>;
}

const PROJECTS = '/v1/account/projects';
const WAIT_SECONDS = 15;

export function createAccountApi(connection: Connection): AccountApi {
  // These are about no project, and refuse to be told of one.
  const { projectId: _none, ...account } = connection;
  const { get, post } = createCallApi(account);
  return {
    create: (wish, options) => post(PROJECTS, wish, progressSchema, options),
    progress: (label, after, options) =>
      get(
        path`/v1/account/projects/${label}/progress`,
        progressSchema,
        options,
        after === undefined ? {} : { after, wait_seconds: WAIT_SECONDS },
      ),
    projects: (options) => get(PROJECTS, ownProjectsSchema, options),
  };
}
