import { appListSchema, appSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, statusOf, troubleOf } from './fly-reply.ts';
import type { Trouble } from './hosting-provider.ts';
import { networkOf } from './tenant-mark.ts';
import { busy, NAME_TAKEN } from './troubles.ts';

export type FoundApp = 'ours' | 'missing' | Trouble;

/**
 * Whose the app of this name is. Names are one namespace for all of Fly: one that another organization has is answered
 * with 403 (superfly/fly-go, flaps/flaps_apps.go), and so is a token that may do nothing here; the list tells them apart.
 */
export async function lookForApp(call: FlyCall, name: string): Promise<FoundApp> {
  const reply = await call.send({ method: 'GET', path: `/v1/apps/${name}` });
  if (statusOf(reply) === 404) return 'missing';
  const app = answerOf(appSchema, reply);
  if (app === undefined && statusOf(reply) !== 403) return troubleOf(reply);
  if (app?.network) return byNetwork(call, app.network);
  const isElsewhere = app?.organization.slug !== call.fly.settings.organization;
  return lookInList(call, name, isElsewhere ? NAME_TAKEN : busy());
}

/** @param unlisted what it means that our organization's list has no such app: one that is just made or removed is not there */
async function lookInList(call: FlyCall, name: string, unlisted: Trouble): Promise<FoundApp> {
  const { organization } = call.fly.settings;
  const reply = await call.send({ method: 'GET', path: '/v1/apps', query: { org_slug: organization } });
  const list = answerOf(appListSchema, reply);
  if (list === undefined) return troubleOf(reply);
  const app = list.apps.find((one) => one.name === name);
  return app === undefined ? unlisted : byNetwork(call, app.network);
}

function byNetwork(call: FlyCall, network: string | null | undefined): FoundApp {
  return network === networkOf(call.fly.tenant) ? 'ours' : NAME_TAKEN;
}
