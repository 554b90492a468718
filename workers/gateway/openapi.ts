import { errorCodes } from '@countersign/protocol/error-codes';
import { problemSchema } from '@countersign/protocol/problem';
import * as z from 'zod';
import type { AccountRoute } from './routes/account-routes.ts';
import type { PublicRoute } from './routes/device-login-routes.ts';
import type { Route } from './routes/route.ts';

/** What the document says of a route. */
type Described = Pick<Route, 'method' | 'path' | 'summary' | 'bodySchema' | 'querySchema'> & {
  readonly asks?: Route['asks'];
};

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The OpenAPI 3.1 document, made from the routes and the schemas that validate their requests. */
export function openApiDocument(routes: readonly (Route | AccountRoute | PublicRoute)[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Countersign',
      version: '1',
      description: 'Agents propose, people countersign, a runner writes.',
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: { ...inputSchema(problemSchema), 'x-error-codes': errorCodes } },
    },
  };
}

function operation(route: Described) {
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z0-9]+/g, '_')}`,
    parameters: [
      ...pathParameters(route.path),
      ...queryParameters(inputSchema(route.querySchema)),
      ...keyParameter(route),
      ...traceParameter(route),
    ],
    ...(route.method === 'GET'
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: inputSchema(route.bodySchema) } },
          },
        }),
    responses: {
      '2XX': { description: 'Done', content: { 'application/json': { schema: { type: 'object' } } } },
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function inputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function pathParameters(path: string) {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(schema: JsonSchema) {
  return Object.entries(schema.properties ?? {}).map(([name, one]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: one,
  }));
}

function keyParameter(route: Described) {
  if (route.method !== 'POST' || route.asks === undefined) return [];
  return [
    { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } },
  ];
}

/** Where a proposal comes in; one that is not valid counts for nothing, so no pattern refuses it. */
function traceParameter({ asks }: Described) {
  if (asks !== 'request' && asks !== 'submit') return [];
  return [{ name: 'traceparent', in: 'header', required: false, schema: { type: 'string' } }];
}
