import { madeAppSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, troubleOf } from './fly-reply.ts';
import type { Hosted, Trouble } from './hosting-provider.ts';
import { lookForApp } from './look-for-app.ts';
import { networkOf } from './tenant-mark.ts';
import { busy, DONE, failed } from './troubles.ts';

/**
 * An app that is just made is not known everywhere at once, nor is who may see it: Fly's own client looks again after a 404
 * and after a 401 (superfly/fly-go, flaps/flaps_apps.go). To make it again would only be refused.
 */
const UNSEEN = busy();

/** `POST /v1/apps` (fly.io/docs/machines/api/apps-resource, "Create a Fly App"). */
export function ensureApp(call: FlyCall, name: string): Promise<Hosted> {
  let isMade = false;
  return call.settle(async () => {
    const before = await lookForApp(call, name);
    if (before === 'ours') return DONE;
    if (isMade) return failed(UNSEEN);
    if (before !== 'missing') return failed(before);
    const reply = await makeApp(call, name);
    isMade = answerOf(madeAppSchema, reply) !== undefined;
    const trouble = isMade ? UNSEEN : troubleOf(reply);
    if (trouble !== UNSEEN && trouble.code !== 'rejected') return failed(trouble);
    // Also after a refusal: an attempt whose answer was lost may have been faster.
    const after = await lookForApp(call, name);
    if (after === 'ours') return DONE;
    return failed(isMade || after === 'missing' ? whileUnseen(trouble) : after);
  });
}

function makeApp(call: FlyCall, name: string) {
  const { settings, tenant } = call.fly;
  return call.send({
    method: 'POST',
    path: '/v1/apps',
    body: { app_name: name, org_slug: settings.organization, network: networkOf(tenant) },
  });
}

/** A name that is taken, and by an app that nobody can see yet: it is just being made. */
function whileUnseen(trouble: Trouble): Trouble {
  return trouble.code === 'rejected' && trouble.word === 'name_taken' ? UNSEEN : trouble;
}
