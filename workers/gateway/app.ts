import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { type Context, Hono } from 'hono';
import { answerAccount } from './answer-account.ts';
import { answerBootstrap } from './answer-bootstrap.ts';
import { answerRequest, type Incoming } from './answer-request.ts';
import { allowedOrigin, answerPreflight, isPreflight, markAnswer } from './cors.ts';
import { headersFor, respondToFault, respondToRefusal } from './error-edge.ts';
import {
  assertFromHere,
  INSECURE_HEADERS,
  INSECURE_WARNING,
  insecureLocalhost,
} from './insecure-localhost.ts';
import { atProject, labelIn } from './label-address.ts';
import { openApiDocument } from './openapi.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { routes } from './routes/all-routes.ts';
import { bootstrapRoutes, exchangeRoute, localServiceRoute } from './routes/bootstrap-routes.ts';
import type { GatewayEnv } from './settings.ts';

type Env = { Bindings: GatewayEnv; Variables: { requestId: string; pageProject: string | undefined } };

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
    const local = insecureLocalhost();
    if (local === undefined) return next();
    try {
      assertFromHere(context.req.raw, local);
      await next();
    } catch (fault) {
      context.res = respondToFault(fault, context.var.requestId);
    }
    for (const [name, value] of Object.entries(INSECURE_HEADERS)) context.res.headers.set(name, value);
  });
  app.use(async (context, next) => {
    // Not by way of the settings: whether they are right is no matter of the health page.
    const labelled = labelIn(context.req.url, context.env.DOMAIN);
    if (labelled === undefined) return next();
    const request = await atProject(context.env, context.req.raw, labelled);
    return app.fetch(request, context.env, context.executionCtx);
  });
  app.use(async (context, next) => {
    // A page of another origin reads nothing of a plane that asks nobody who they are.
    const allowed =
      insecureLocalhost() === undefined ? await allowedOrigin(context.env, context.req.raw) : undefined;
    context.set('pageProject', allowed?.project);
    if (isPreflight(context.req.raw)) context.res = answerPreflight(allowed);
    else await next();
    markAnswer(context.res, allowed);
  });
  app.get('/health', (context) => {
    const insecure =
      insecureLocalhost() === undefined ? {} : { authentication: 'disabled', warning: INSECURE_WARNING };
    return context.json({ ok: true, status: 'ok', ...insecure }, 200, headersFor(context.var.requestId));
  });
  app.get('/v1/runner/protocol', (context) =>
    context.json({ ok: true, protocol_version: RUNNER_PROTOCOL }, 200, headersFor(context.var.requestId)),
  );
  app.get('/v1/openapi.json', (context) =>
    context.json(
      openApiDocument([...routes, ...accountRoutes, ...bootstrapRoutes]),
      200,
      headersFor(context.var.requestId),
    ),
  );
  for (const route of routes) {
    app.on(route.method, route.path, async (context) => {
      const { requestId } = context.var;
      const reply = await answerRequest(context.env, route, incomingOf(context));
      if ('stream' in reply) {
        const { stream, type, fileName } = reply;
        const headers = { ...headersFor(requestId), 'content-type': type, ...asFile(fileName) };
        return new Response(stream, { headers });
      }
      return respondTo(reply, requestId);
    });
  }
  for (const route of accountRoutes) {
    app.on(route.method, route.path, async (context) => {
      const { requestId } = context.var;
      const reply = await answerAccount(context.env, route, incomingOf(context));
      return respondTo(reply, requestId);
    });
  }
  app.post(exchangeRoute.path, async (context) => {
    const reply = await answerBootstrap(context.env, exchangeRoute, incomingOf(context));
    return respondTo(reply, context.var.requestId);
  });
  app.post(localServiceRoute.path, async (context) => {
    if (insecureLocalhost() === undefined) {
      return respondToRefusal(noFirstRun, context.var.requestId);
    }
    const reply = await answerRequest(context.env, localServiceRoute, incomingOf(context));
    if ('stream' in reply) throw new TypeError('a credential is not a stream');
    return respondTo(reply, context.var.requestId);
  });
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

const noFirstRun = {
  code: 'bootstrap_closed',
  message: 'this plane asks everybody who they are',
  next: 'exchange the bootstrap token at /v1/bootstrap/exchange, or let an owner or admin issue a token',
} as const;

function incomingOf(context: Context<Env>): Incoming {
  return {
    request: context.req.raw,
    params: context.req.param(),
    query: context.req.query(),
    pageProject: context.var.pageProject,
    keep: (work) => context.executionCtx.waitUntil(work),
  };
}

function respondTo(reply: Reply, requestId: string): Response {
  if (!reply.ok) return respondToRefusal(reply.refusal, requestId);
  return Response.json(reply.body, { status: reply.status, headers: headersFor(requestId) });
}

/** Ids have no character that would have to be escaped here; any other is left away. */
function asFile(name: string | undefined): Record<string, string> {
  if (name === undefined) return {};
  return { 'content-disposition': `attachment; filename="${name.replace(/[^\w.:-]/g, '')}"` };
}

function methodsByPath(): Map<string, string> {
  const open = ['/health', '/v1/runner/protocol', '/v1/openapi.json'].map((path) => ({
    method: 'GET',
    path,
  }));
  const paths = new Map<string, string[]>();
  for (const { method, path } of [...open, ...accountRoutes, ...bootstrapRoutes, ...routes])
    paths.set(path, [...(paths.get(path) ?? []), method]);
  // What is named stands before what is not: `/api-keys/rotate` before `/api-keys/:key_id`.
  const inOrder = [...paths].toSorted(([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')));
  return new Map(inOrder.map(([path, methods]) => [path, methods.join(', ')]));
}
