import type { FlyCall } from './fly-call.ts';
import { isYes, statusOf, troubleOf } from './fly-reply.ts';
import type { Hosted } from './hosting-provider.ts';
import { lookForApp } from './look-for-app.ts';
import { machinesOf } from './our-machine.ts';
import { busy, DONE, failed } from './troubles.ts';

const FORCE = { force: 'true' };

/**
 * Machines go first, since they cost, and deletions of apps are limited (fly.io/docs/machines/api/working-with-machines-api).
 * Then the app, by force as well, for what was started in between; and then it is looked for until it is gone, since the
 * API only accepts a deletion (202: .../apps-resource, "Delete a Fly App").
 */
export function removeApp(call: FlyCall, app: string): Promise<Hosted> {
  let isAccepted = false;
  return call.settle(async () => {
    if (isAccepted) return whetherGone(call, app);
    const found = await lookForApp(call, app);
    if (found === 'missing') return DONE;
    if (found !== 'ours') return failed(found);
    const emptied = await removeMachines(call, app);
    if (!emptied.ok) return emptied;
    const removed = await remove(call, `/v1/apps/${app}`);
    if (!removed.ok) return removed;
    isAccepted = true;
    return whetherGone(call, app);
  });
}

/** After its deletion was accepted. A name that is free again may be somebody else's at once. */
async function whetherGone(call: FlyCall, app: string): Promise<Hosted> {
  const found = await lookForApp(call, app);
  if (found === 'ours') return failed(busy());
  return found === 'missing' || found.code === 'name_taken' ? DONE : failed(found);
}

async function removeMachines(call: FlyCall, app: string): Promise<Hosted> {
  const listed = await machinesOf(call, app);
  if (!listed.ok) return listed;
  for (const { id } of listed.machines) {
    const removed = await remove(call, `/v1/apps/${app}/machines/${id}`);
    if (!removed.ok) return removed;
  }
  return DONE;
}

async function remove(call: FlyCall, path: string): Promise<Hosted> {
  const reply = await call.send({ method: 'DELETE', path, query: FORCE });
  return isYes(reply) || statusOf(reply) === 404 ? DONE : failed(troubleOf(reply));
}
