import type { FlyCall } from './fly-call.ts';
import type { Hosted } from './hosting-provider.ts';
import { lookForApp } from './look-for-app.ts';
import { failed, rejected } from './troubles.ts';

/** Does something in an app once it is sure that it is this tenant's. */
export async function inOurApp<Found>(
  call: FlyCall,
  app: string,
  act: () => Promise<Hosted<Found>>,
): Promise<Hosted<Found>> {
  const found = await lookForApp(call, app);
  if (found === 'ours') return act();
  return failed(found === 'missing' ? rejected('app_missing') : found);
}
