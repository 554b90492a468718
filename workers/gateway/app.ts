import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { LIMIT_HEADER, type LimitMark, limitHeader } from '@countersign/protocol/limits';
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
import { openLive } from './open-live.ts';
import { openApiDocument } from './openapi.ts';
import { answerPage } from './pages/answer-page.ts';
import { signInSettings } from './pages/sign-in-settings.ts';
import { readBody } from './read-body.ts';
import { RequestTrail } from './request-trail.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { routes } from './routes/all-routes.ts';
import { bootstrapRoutes, exchangeRoute, localServiceRoute } from './routes/bootstrap-routes.ts';
import { deviceLoginRoutes } from './routes/device-login-routes.ts';
import { liveRoute } from './routes/live-routes.ts';
import { type GatewayEnv, settingsOf } from './settings.ts';

type Env = { Bindings: GatewayEnv; Variables: { trail: RequestTrail; pageProject: string | undefined } };

/** The runner protocol that this plane speaks (PROTOCOL 2.1). */
const RUNNER_PROTOCOL = 'synapsor.runner-control.v1';

/** The gateway as an HTTP app: routes from data, one error shape for everything else. */
export function createApp(): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    context.set('trail', new RequestTrail(context.req.method));
    await next();
  });
  app.use(async (context, next) => {
    const local = insecureLocalhost();
    if (local === undefined) return next();
    try {
      assertFromHere(context.req.raw, local);
      await next();
    } catch (fault) {
      context.res = respondToFault(fault, context.var.trail);
    }
    for (const [name, value] of Object.entries(INSECURE_HEADERS)) context.res.headers.set(name, value);
  });
  app.use(async (context, next) => {
    const page = await answerPage(context.env, context.req.raw);
    if (page === undefined) return next();
    context.res = page;
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
    return context.json(
      { ok: true, status: 'ok', ...insecure },
      200,
      headersFor(context.var.trail.requestId),
    );
  });
  app.get('/v1/runner/protocol', (context) =>
    context.json(
      { ok: true, protocol_version: RUNNER_PROTOCOL },
      200,
      headersFor(context.var.trail.requestId),
    ),
  );
  app.get('/v1/sign-in', (context) =>
    context.json(signInSettings(settingsOf(context.env)), 200, headersFor(context.var.trail.requestId)),
  );
  app.get('/v1/openapi.json', (context) =>
    context.json(
      openApiDocument([...routes, ...accountRoutes, ...bootstrapRoutes, ...deviceLoginRoutes, liveRoute]),
      200,
      headersFor(context.var.trail.requestId),
    ),
  );
  app.get(liveRoute.path, async (context) => {
    const opened = await openLive(context.env, incomingOf(context, liveRoute.path));
    return opened instanceof Response ? opened : respond(opened, context.var.trail);
  });
  for (const route of routes) {
    app.on(route.method, route.path, async (context) => {
      const { trail } = context.var;
      const incoming = incomingOf(context, route.path);
      const reply = await answerRequest(context.env, route, incoming);
      if ('stream' in reply) {
        const { stream, type, fileName, near } = reply;
        trail.answered(200);
        const headers = {
          ...headersFor(trail.requestId),
          'content-type': type,
          ...asFile(fileName),
          ...warnings(near),
        };
        return new Response(stream, { headers });
      }
      return respond(reply, trail);
    });
  }
  for (const route of accountRoutes) {
    app.on(route.method, route.path, async (context) => {
      const reply = await answerAccount(context.env, route, incomingOf(context, route.path));
      return respond(reply, context.var.trail);
    });
  }
  for (const route of deviceLoginRoutes) {
    app.on(route.method, route.path, async (context) => {
      const { request, trail } = incomingOf(context, route.path);
      return respond(await route.answer(settingsOf(context.env), await readBody(request)), trail);
    });
  }
  app.post(exchangeRoute.path, async (context) => {
    const reply = await answerBootstrap(context.env, exchangeRoute, incomingOf(context, exchangeRoute.path));
    return respond(reply, context.var.trail);
  });
  app.post(localServiceRoute.path, async (context) => {
    if (insecureLocalhost() === undefined) {
      return respondToRefusal(noFirstRun, context.var.trail);
    }
    const reply = await answerRequest(
      context.env,
      localServiceRoute,
      incomingOf(context, localServiceRoute.path),
    );
    if ('stream' in reply) throw new TypeError('a credential is not a stream');
    return respond(reply, context.var.trail);
  });
  for (const [path, methods] of methodsByPath()) {
    app.all(path, (context) => {
      const message = `${context.req.method} is not served here`;
      const refusal = { code: 'method_not_allowed', message, next: `use ${methods}` } as const;
      return respondToRefusal(refusal, context.var.trail, { allow: methods });
    });
  }
  app.notFound((context) =>
    respondToRefusal({ code: 'not_found', message: 'there is nothing here' }, context.var.trail),
  );
  app.onError((fault, context) => respondToFault(fault, context.var.trail));
  return app;
}

const noFirstRun = {
  code: 'bootstrap_closed',
  message: 'this plane asks everybody who they are',
  next: 'exchange the bootstrap token at /v1/bootstrap/exchange, or let an owner or admin issue a token',
} as const;

function incomingOf(context: Context<Env>, path: string): Incoming {
  const params = context.req.param();
  const { trail } = context.var;
  trail.follow(path, params);
  return {
    request: context.req.raw,
    params,
    query: context.req.query(),
    trail,
    pageProject: context.var.pageProject,
    keep: (work) => context.executionCtx.waitUntil(work),
  };
}

function respond(reply: Reply, trail: RequestTrail): Response {
  const near = warnings(reply.near);
  if (!reply.ok) return respondToRefusal(reply.refusal, trail, near);
  trail.answered(reply.status);
  return Response.json(reply.body, {
    status: reply.status,
    headers: { ...headersFor(trail.requestId), ...near },
  });
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
  const open = ['/health', '/v1/runner/protocol', '/v1/sign-in', '/v1/openapi.json'].map((path) => ({
    method: 'GET',
    path,
  }));
  const paths = new Map<string, string[]>();
  const served = [...open, ...accountRoutes, ...bootstrapRoutes, ...deviceLoginRoutes, liveRoute, ...routes];
  for (const { method, path } of served) paths.set(path, [...(paths.get(path) ?? []), method]);
  // What is named stands before what is not: `/api-keys/rotate` before `/api-keys/:key_id`.
  const inOrder = [...paths].toSorted(([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')));
  return new Map(inOrder.map(([path, methods]) => [path, methods.join(', ')]));
}
