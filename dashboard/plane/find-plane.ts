import { createCallApi, path } from '@countersign/client/call-api';
import { type CallerView, callerAnswerSchema } from '@countersign/client/caller-view';
import { connectionTo } from './plane.ts';

/** Ids have an underscore, labels never: they are names of hosts. */
const LABEL = /^[a-z0-9-]+$/;
const SELF = '/v1/control/sessions/self';

/** Who the person who is signed in is in a project, by its label or its id. Throws `ApiError`. */
export async function callerIn(address: string, signal: AbortSignal): Promise<CallerView> {
  const isLabel = LABEL.test(address);
  const { get } = createCallApi(connectionTo(isLabel ? undefined : address));
  const at = isLabel ? path`/t/${address}/v1/control/sessions/self` : SELF;
  return (await get(at, callerAnswerSchema, { signal })).context;
}
