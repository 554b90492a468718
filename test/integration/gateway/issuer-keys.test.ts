import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../../support/expect-problem.ts';
import { type ClockedPlane, startClockedPlane } from '../../support/plane.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { Serving, TestIssuer } from '../../support/test-issuer.ts';

/** Longer than new keys are looked for, and longer than keys are believed without being fetched anew. */
const COOLED_DOWN_MS = 5_001;
const STALE_MS = 10 * 60_000 + 1;

/** Ways in which keys cannot be had. */
const broken: readonly Serving[] = ['no_answer', 'error', 'not_json', 'no_key_set', 'redirect'];
/** Keys are remembered by issuer, so every case has its own. */
const cases = [
  'rotating',
  'hammered',
  ...broken.flatMap((how) => [`never ${how}`, `stale ${how}`, `rotated ${how}`]),
];
const nameOf = (text: string) => text.replace(' ', '-');

let plane: ClockedPlane;
let tenant: TestTenant;

beforeAll(async () => {
  plane = await startClockedPlane({ issuers: cases.map(nameOf) });
  tenant = await plane.tenant();
});
afterAll(() => plane.stop());

/** A stranger whose token is good gets to hear that there is no such project for them; no one else gets so far. */
const read = async (issuer: TestIssuer) => tenant.bearing(await issuer.sign('stranger')).get('/v1/runners');
const KNOWN = 'project_not_found';

describe('an issuer that changes its keys', () => {
  test('is followed: the new key is fetched when it first appears, and the old one is over', async () => {
    const issuer = plane.issuers.get('rotating');
    const old = await issuer.sign('stranger');
    expectProblem(await read(issuer), KNOWN);
    expect(issuer.fetches).toBe(1);
    await issuer.rotate();
    await plane.advanceGateway(COOLED_DOWN_MS);
    expectProblem(await read(issuer), KNOWN);
    expect(issuer.fetches).toBe(2);
    expectProblem(await tenant.bearing(old).get('/v1/runners'), 'token_invalid');
  });

  test('is not hammered for every token with a key that nobody knows', async () => {
    const issuer = plane.issuers.get('hammered');
    expectProblem(await read(issuer), KNOWN);
    for (let time = 0; time < 10; time += 1) {
      const token = await issuer.sign('stranger', { kid: `unknown-${time}` });
      expectProblem(await tenant.bearing(token).get('/v1/runners'), 'token_invalid');
    }
    expect(issuer.fetches).toBe(1);
  });
});

describe.each(broken)('an issuer whose keys cannot be had (%s)', (how) => {
  const issuerOf = (when: string) => plane.issuers.get(nameOf(`${when} ${how}`));
  const expectUnavailable = async (issuer: TestIssuer) => {
    const answer = await read(issuer);
    expectProblem(answer, 'issuer_unavailable');
    expect(answer.body.retryable).toBe(true);
  };

  test('is not believed from the start, and is believed once they can be had', async () => {
    const issuer = issuerOf('never');
    issuer.serving = how;
    await expectUnavailable(issuer);
    await expectUnavailable(issuer);
    issuer.serving = 'keys';
    expectProblem(await read(issuer), KNOWN);
  });

  test('is not believed once the keys that are known are old', async () => {
    const issuer = issuerOf('stale');
    expectProblem(await read(issuer), KNOWN);
    issuer.serving = how;
    expectProblem(await read(issuer), KNOWN);
    await plane.advanceGateway(STALE_MS);
    await expectUnavailable(issuer);
    issuer.serving = 'keys';
    expectProblem(await read(issuer), KNOWN);
  });

  test('is not believed about a key that is not known yet; those that are known still count', async () => {
    const issuer = issuerOf('rotated');
    const old = await issuer.sign('stranger');
    expectProblem(await read(issuer), KNOWN);
    issuer.serving = how;
    await issuer.rotate();
    await plane.advanceGateway(COOLED_DOWN_MS);
    await expectUnavailable(issuer);
    expectProblem(await tenant.bearing(old).get('/v1/runners'), KNOWN);
  });
});

test('an issuer that is away keeps nobody out but its own people', async () => {
  const issuer = plane.issuers.get(nameOf('never error'));
  issuer.serving = 'no_answer';
  await plane.advanceGateway(STALE_MS);
  expectProblem(await read(issuer), 'issuer_unavailable');
  expect((await tenant.vera.get('/v1/runners')).status).toBe(200);
  expect((await tenant.runner.get('/v1/writeback/runner/doctor')).status).toBe(200);
});
