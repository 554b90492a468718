import { LIMIT_HEADER, type LimitMark, limitHeader } from '@countersign/protocol/limits';
import { Hono } from 'hono';
import { answerAccount } from './answer-account.ts';
import { answerRequest } from './answer-request.ts';
import { headersFor, respondToFault, respondToRefusal } from './error-edge.ts';
import { atProject, labelIn } from './label-address.ts';
import { openApiDocument } from './openapi.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { routes } from './routes/all-routes.ts';
import type { GatewayEnv } from './settings.ts';

type Env = { Bindings: GatewayEnv; Variables: { requestId: string } };

/** The runner protocol that this plane speaks (PROTOCOL 2.1). */
const RUNNER_PROTOCOL = 'synapsor.runner-control.v1';

/** The gateway as an HTTP app: routes from data, one error shape for everything else. */
export function createApp(): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    context.set('requestId', `req_${crypto.randomUUID()}`);
    await next();
  });
  app.use(async (context, next) => {
    // Not by way of the settings: whether they are right is no matter of the health page.
    const labelled = labelIn(context.req.url, context.env.DOMAIN);
    if (labelled === undefined) return next();
    const request = await atProject(context.env, context.req.raw, labelled);
    return app.fetch(request, context.env, context.executionCtx);
  });
  app.get('/health', (context) =>
    context.json({ ok: true, status: 'ok' }, 200, headersFor(context.var.requestId)),
  );
  app.get('/v1/runner/protocol', (context) =>
    context.json({ ok: true, protocol_version: RUNNER_PROTOCOL }, 200, headersFor(context.var.requestId)),
  );
  app.get('/v1/openapi.json', (context) =>
    context.json(openApiDocument([...routes, ...accountRoutes]), 200, headersFor(context.var.requestId)),
  );
  for (const route of routes) {
    app.on(route.method, route.path, async (context) => {
      const { requestId } = context.var;
      const incoming = {
        request: context.req.raw,
        params: context.req.param(),
        query: context.req.query(),
        keep: (work: Promise<unknown>) => context.executionCtx.waitUntil(work),
      };
      const reply = await answerRequest(context.env, route, incoming);
      if ('stream' in reply) {
        const { stream, type, fileName, near } = reply;
        const headers = {
          ...headersFor(requestId),
          'content-type': type,
          ...asFile(fileName),
          ...warnings(near),
        };
        return new Response(stream, { headers });
      }
      if (!reply.ok) return respondToRefusal(reply.refusal, requestId, warnings(reply.near));
      const headers = { ...headersFor(requestId), ...warnings(reply.near) };
      return Response.json(reply.body, { status: reply.status, headers });
    });
  }
  for (const route of accountRoutes) {
    app.on(route.method, route.path, async (context) => {
      const { requestId } = context.var;
      const incoming = {
        request: context.req.raw,
        params: context.req.param(),
        query: context.req.query(),
        keep: (work: Promise<unknown>) => context.executionCtx.waitUntil(work),
      };
      const reply = await answerAccount(context.env, route, incoming);
      if (!reply.ok) return respondToRefusal(reply.refusal, requestId);
      return Response.json(reply.body, { status: reply.status, headers: headersFor(requestId) });
    });
  }
  for (const [path, methods] of methodsByPath()) {
    app.all(path, (context) =>
      respondToRefusal(
        {
          code: 'method_not_allowed',
          message: `${context.req.method} is not served here`,
          next: `use ${methods}`,
        },
        context.var.requestId,
        { allow: methods },
      ),
    );
  }
  app.notFound((context) =>
    respondToRefusal({ code: 'not_found', message: 'there is nothing here' }, context.var.requestId),
  );
  app.onError((fault, context) => respondToFault(fault, context.var.requestId));
  return app;
}

/** Ids have no character that would have to be escaped here; any other is left away. */
function asFile(name: string | undefined): Record<string, string> {
  if (name === undefined) return {};
  return { 'content-disposition': `attachment; filename="${name.replace(/[^\w.:-]/g, '')}"` };
}

function warnings(near: readonly LimitMark[] = []): Record<string, string> {
  return near.length === 0 ? {} : { [LIMIT_HEADER]: limitHeader(near) };
}

function methodsByPath(): Map<string, string> {
  const open = ['/health', '/v1/runner/protocol', '/v1/openapi.json'].map((path) => ({
    method: 'GET',
    path,
  }));
  const paths = new Map<string, string[]>();
  for (const { method, path } of [...open, ...accountRoutes, ...routes])
    paths.set(path, [...(paths.get(path) ?? []), method]);
  // What is named stands before what is not: `/api-keys/rotate` before `/api-keys/:key_id`.
  const inOrder = [...paths].toSorted(([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')));
  return new Map(inOrder.map(([path, methods]) => [path, methods.join(', ')]));
}
