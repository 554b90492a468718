import { labelSchema } from '@countersign/protocol/provisioning/label';
import { provisionSchema } from '@countersign/protocol/provisioning/provision-wish';
import {
  type Owner,
  type ProvisionerApi,
  progressQuerySchema,
  type Told,
} from '@countersign/protocol/provisioning/provisioning-requests';
import { parseOrRefuse } from '@countersign/protocol/validation';
import * as z from 'zod';
import { projectsOf } from '../directory.ts';
import { noBody, param } from './route.ts';

/** What a request about somebody's own projects brings, once it is known who sends it. */
interface AccountInput<Body, Query> {
  readonly owner: Owner;
  readonly provisioner: ProvisionerApi;
  readonly directory: D1Database;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
}

interface Definition<Body, Query> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  /** Where nobody may sign up, this is refused. */
  readonly isSignUp?: boolean;
  readonly status?: 200 | 202;
  readonly body: z.ZodType<Body>;
  readonly query: z.ZodType<Query>;
  answer(input: AccountInput<Body, Query>): Promise<Told<object>>;
}

/** Something that a person asks of the installation rather than of a project. */
export interface AccountRoute
  extends Pick<Definition<unknown, unknown>, 'method' | 'path' | 'summary' | 'isSignUp' | 'status'> {
  readonly bodySchema: z.ZodType;
  readonly querySchema: z.ZodType;
  /** Throws `Refused` for what does not pass the schemas. */
  answer(input: AccountInput<unknown, unknown>): Promise<Told<object>>;
}

function accountRoute<Body, Query>(definition: Definition<Body, Query>): AccountRoute {
  const { body, query, ...rest } = definition;
  return {
    ...rest,
    bodySchema: body,
    querySchema: query,
    answer: (input) =>
      definition.answer({
        ...input,
        body: parseOrRefuse(body, input.body),
        query: parseOrRefuse(query, input.query),
      }),
  };
}

const noQuery = z.strictObject({});

/** Signing up: a project of one's own, and how far it has come. */
export const accountRoutes: readonly AccountRoute[] = [
  accountRoute({
    method: 'POST',
    path: '/v1/account/projects',
    summary:
      'Ask for a project of your own. It is made step by step; the same request again shows how far it is.',
    isSignUp: true,
    status: 202,
    body: provisionSchema,
    query: noQuery,
    answer: ({ body, owner, provisioner }) => provisioner.begin(owner, body),
  }),
  accountRoute({
    method: 'GET',
    path: '/v1/account/projects/:label/progress',
    summary: 'How far a project has come that you asked for; with wait_seconds once it has come further.',
    body: noBody,
    query: progressQuerySchema,
    answer: ({ owner, params, provisioner, query }) =>
      provisioner.look(owner, parseOrRefuse(labelSchema, param(params, 'label')), query),
  }),
  accountRoute({
    method: 'GET',
    path: '/v1/account/projects',
    summary: 'The projects that you asked for.',
    body: noBody,
    query: noQuery,
    answer: async ({ directory, owner }) => ({
      ok: true,
      body: { projects: await projectsOf(directory, owner.person) },
    }),
  }),
];
