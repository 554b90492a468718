import { setSecretSchema } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import { answerOf, troubleOf } from './fly-reply.ts';
import type { Hosted } from './hosting-provider.ts';
import { inOurApp } from './in-our-app.ts';
import { failed } from './troubles.ts';

/**
 * `POST /v1/apps/{app}/secrets/{name}` (docs.machines.dev, "Secrets"). The API keeps digests and gives no value back
 * (fly.io/docs/apps/secrets), so it cannot be seen whether the value is there already: it is set again, under a new
 * version.
 */
export function ensureSecret(
  call: FlyCall,
  app: string,
  name: string,
  value: string,
): Promise<Hosted<{ readonly secretsVersion: number }>> {
  return call.settle(() =>
    inOurApp(call, app, async () => {
      const path = `/v1/apps/${app}/secrets/${name}`;
      const reply = await call.send({ method: 'POST', path, body: { value } });
      const set = answerOf(setSecretSchema, reply);
      return set === undefined ? failed(troubleOf(reply)) : { ok: true, secretsVersion: set.version };
    }),
  );
}
