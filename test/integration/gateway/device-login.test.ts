import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../../support/expect-problem.ts';
import { send } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type ClockedPlane, startClockedPlane } from '../../support/plane.ts';
import type { TestDevices } from '../../support/test-devices.ts';

/** What an issuer says of itself is believed for ten minutes, and within one there is room for so many logins anew. */
const FORGOTTEN_MS = 11 * 60_000;
const MOST_BEGUN = 60;
const DEVICE = '/v1/control/device-authorizations';

let plane: ClockedPlane;
let devices: TestDevices;
beforeAll(async () => {
  const parameters = { audience: 'countersign' };
  const dashboardClient = { client_id: 'dashboard', device_client_id: 'cli', scope: 'openid', parameters };
  plane = await startClockedPlane({ dashboardClient });
  devices = plane.issuers.get('members').devices;
}, 60_000);
afterAll(() => plane.stop());

const post = (path: string, body: unknown) => send(plane.origin, { method: 'POST', path, body });
const begin = () => post(DEVICE, {});
const poll = (device_code: unknown) => post(`${DEVICE}/token`, { device_code });

async function behaving(how: TestDevices['misbehaving']): Promise<void> {
  devices.misbehaving = how;
  await plane.advanceGateway(FORGOTTEN_MS);
}

describe('a login on another device', () => {
  test('is asked of the issuer in the name of the client for devices, and its token is the only one handed on', async () => {
    await behaving(undefined);
    const { body } = must(await begin());
    expect(devices.forms.at(-1)).toEqual({ client_id: 'cli', scope: 'openid', audience: 'countersign' });
    devices.enter(String(body.user_code), 'allowed', 'ada');
    const granted = must(await poll(body.device_code)).body;
    expect(Object.keys(granted).sort()).toEqual(['access_token', 'expires_in', 'ok', 'token_type']);
    expect(devices.forms.at(-1)).toMatchObject({
      client_id: 'cli',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    });
    const tenant = await plane.tenant();
    const self = must(await tenant.bearing(String(granted.access_token)).get('/v1/control/sessions/self'));
    expect(self.body).toMatchObject({ context: { name: 'ada' } });
  });

  test.each([
    ['pending', 'authorization_pending'],
    ['slow', 'slow_down'],
    ['canceled', 'access_denied'],
    ['expired', 'expired_token'],
  ] as const)('that is %s says so under the name that clients read', async (entered, code) => {
    await behaving(undefined);
    const { body } = must(await begin());
    devices.enter(String(body.user_code), entered);
    expectProblem(await poll(body.device_code), code);
  });

  test('that nobody began, or at another issuer, counts for nothing', async () => {
    await behaving(undefined);
    const { body } = must(await begin());
    const code = String(body.device_code);
    const forms = devices.forms.length;
    for (const other of ['x', `.${code}`, `00000000${code.slice(8)}`])
      expectProblem(await poll(other), 'expired_token');
    expect(devices.forms.length).toBe(forms);
    expectProblem(await poll(`${code}x`), 'expired_token');
    expectProblem(await poll(7), 'validation_failed');
    expectProblem(await post(DEVICE, { surprise: 1 }), 'unknown_field');
  });

  test.each([
    ['not_offered', 'device_login_not_offered'],
    ['client_refused', 'device_login_not_offered'],
    ['another_name', 'issuer_unavailable'],
    ['another_host', 'issuer_unavailable'],
    ['no_json', 'issuer_unavailable'],
    ['endless', 'issuer_unavailable'],
    ['down', 'issuer_unavailable'],
  ] as const)('at an issuer that is %s is not begun', async (how, code) => {
    await behaving(how);
    expectProblem(await begin(), code);
  });

  test('is not begun as often as anybody likes', async () => {
    await behaving(undefined);
    const begun = devices.forms.length;
    for (let turn = 0; turn < MOST_BEGUN; turn += 1) must(await begin());
    expectProblem(await begin(), 'slow_down');
    expect(devices.forms.length - begun).toBe(MOST_BEGUN);
  });
});
