import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { Refused } from '@countersign/protocol/problem';
import type { Incoming } from './answer-request.ts';
import { authenticate } from './auth/authenticate.ts';
import { readBody } from './read-body.ts';
import type { AccountRoute } from './routes/account-routes.ts';
import { type GatewayEnv, settingsOf } from './settings.ts';

/**
 * Answers a request that is about no project yet. Only people ask such things: a token of ours belongs to a project.
 * Throws `Refused`.
 */
export async function answerAccount(
  env: GatewayEnv,
  route: AccountRoute,
  { params, query, request, trail }: Incoming,
): Promise<Reply> {
  const settings = settingsOf(env);
  const { caller, tenant } = await authenticate(request, settings);
  trail.knows(caller);
  if (tenant !== undefined) trail.means(tenant);
  if (caller.kind !== 'person') {
    throw new Refused({ code: 'forbidden', message: `a token of kind ${caller.kind} may not do this` });
  }
  if (route.isSignUp === true && !settings.isSignUpOpen) {
    throw new Refused({
      code: 'provisioning_closed',
      message: 'nobody can sign up here',
      next: 'ask the operators of this installation for a project',
    });
  }
  if (env.PROVISIONER === undefined) {
    throw new Refused({ code: 'provisioning_closed', message: 'this installation has no provisioner' });
  }
  const told = await route.answer({
    owner: { person: caller.person },
    provisioner: env.PROVISIONER,
    directory: env.DB,
    params,
    body: route.method === 'GET' ? undefined : await readBody(request),
    query,
  });
  if (!told.ok) return told;
  return { ok: true, status: route.status ?? 200, body: { ok: true, ...told.body } };
}
