import { strict as assert } from 'node:assert';
import { reads, refuses } from '../checks.ts';
import { deviceAnswer, deviceTokenAnswer, sessionOfPerson } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';
import type { Stand } from '../stand.ts';

const DEVICE = '/v1/control/device-authorizations';

async function begin({ nobody }: Stand) {
  const begun = reads(deviceAnswer, await nobody.post(DEVICE, { profile: 'default' }));
  const poll = () => nobody.post(`${DEVICE}/token`, { device_code: begun.device_code });
  return { ...begun, poll };
}

export const deviceLoginScenarios = scenariosOf(
  'device login',
  [
    'whoever has no credential gets a code, and waits for somebody to enter it: auth login',
    '2.1',
    async (stand) => {
      const { poll } = await begin(stand);
      for (let turn = 0; turn < 2; turn += 1)
        assert.equal(refuses(await poll(), 400).error, 'authorization_pending');
    },
  ],
  [
    'once it was entered there is an access token, which is a session of that person',
    '2.1',
    async (stand) => {
      const { poll, user_code } = await begin(stand);
      stand.enterCode(user_code, 'allowed');
      const { access_token } = reads(deviceTokenAnswer, await poll());
      const self = await stand.bearing(access_token, 'human').get('/v1/control/sessions/self');
      assert.equal(reads(sessionOfPerson, self).context.project_id, stand.project);
    },
  ],
  [
    'a login that is canceled, or that nobody began, ends with another error',
    '2.1',
    async (stand) => {
      const { poll, user_code } = await begin(stand);
      stand.enterCode(user_code, 'canceled');
      const unknown = await stand.nobody.post(`${DEVICE}/token`, { device_code: 'none' });
      for (const answer of [await poll(), unknown]) {
        const { error } = refuses(answer, 400, 403);
        assert.ok(!['authorization_pending', 'slow_down'].includes(error), 'the client would go on asking');
      }
    },
  ],
);
