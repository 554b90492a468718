import { createCallApi, path } from '@countersign/client/call-api';
import { type CallerView, createSessionApi, selfSchema } from '@countersign/client/session-api';
import { connectionTo } from './plane.ts';

/** Ids have an underscore, labels never: they are names of hosts. */
const LABEL = /^[a-z0-9-]+$/;

/** Who the person who is signed in is in a project, by its label or its id. Throws `ApiError`. */
export async function callerIn(address: string, signal: AbortSignal): Promise<CallerView> {
  if (!LABEL.test(address))
    return (await createSessionApi(createCallApi(connectionTo(address))).self({ signal })).context;
  const { context } = await createCallApi(connectionTo()).get(
    path`/t/${address}/v1/control/sessions/self`,
    selfSchema,
    {
      signal,
    },
  );
  return context;
}
