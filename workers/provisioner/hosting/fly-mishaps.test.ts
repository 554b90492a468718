import { describe, expect, test } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { type FlyStage, useFly } from '../../../test/support/fly-hosting.ts';
// biome-ignore lint/plugin: as above
import { APP, RUNNER_TOKEN, SECRET_NAME, SPEC } from '../../../test/support/fly-samples.ts';
// biome-ignore lint/plugin: as above
import type { FlyMishap } from '../../../test/support/fly-server.ts';
// biome-ignore lint/plugin: as above
import type { FlyRoute } from '../../../test/support/fly-wire.ts';
// biome-ignore lint/plugin: as above
import { stateOf } from '../../../test/support/fly-world.ts';
// biome-ignore lint/plugin: as above
import { provision } from '../../../test/support/provision.ts';
import type { Hosted, HostingProvider } from './hosting-provider.ts';

let stage: FlyStage;
useFly((given) => {
  stage = given;
});

const refusal = (status: number, headers = {}) => ({
  status,
  headers,
  body: { error: 'something is wrong' },
});

const mishaps: readonly (readonly [string, FlyMishap])[] = [
  ['is refused for its pace', { isDone: false, answer: refusal(429, { 'retry-after': '2' }) }],
  ['meets a 500', { isDone: false, answer: refusal(500) }],
  ['meets a 503', { isDone: false, answer: refusal(503, { 'retry-after': '1' }) }],
  ['times out at the API', { isDone: false, answer: refusal(408) }],
  ['gets no answer', { isDone: false, answer: 'silent' }],
  ['loses its connection', { isDone: false, answer: 'cut' }],
  ['gets half an answer', { isDone: false, answer: 'half' }],
  ['gets a page', { isDone: false, answer: 'not_json' }],
  ['is done, and answered with a 500', { isDone: true, answer: refusal(500) }],
  ['is done, and answered with a 408', { isDone: true, answer: refusal(408) }],
  ['is done, and gets no answer', { isDone: true, answer: 'silent' }],
  ['is done, and loses its connection', { isDone: true, answer: 'cut' }],
  ['is done, and gets half an answer', { isDone: true, answer: 'half' }],
  ['is done, and gets a page', { isDone: true, answer: 'not_json' }],
];

/** Enough to tell them apart when they do not end. */
const lasting = mishaps.filter(([what]) =>
  ['pace', 'a 500', 'gets no answer', 'loses its connection', 'gets a page'].some((end) =>
    what.endsWith(end),
  ),
);

/** More than a call has the time for. */
const WITHOUT_END = 200;

const onlyApp = () => {
  const [app, ...others] = stage.server.world.apps.values();
  expect(others).toEqual([]);
  return app;
};

const making: readonly FlyRoute[] = [
  'read-app',
  'list-apps',
  'make-app',
  'set-secret',
  'list-machines',
  'make-machine',
  'read-machine',
  'wait',
];

describe.each(making)('where %s', (route) => {
  const whole = async (hosting: HostingProvider): Promise<Hosted> => {
    const app = await hosting.ensureApp(APP);
    if (!app.ok) return app;
    const secret = await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN);
    if (!secret.ok) return secret;
    const machine = await hosting.ensureMachine(APP, { ...SPEC, secretsVersion: secret.secretsVersion });
    return machine.ok ? hosting.awaitHealthy(APP, machine.machineId, 60_000) : machine;
  };

  const expectOneRunner = () => {
    expect(onlyApp()?.secrets.get(SECRET_NAME)).toBe(RUNNER_TOKEN);
    expect(onlyApp()?.machines.size).toBe(1);
  };

  test.each(mishaps)('%s, the call still ends with one app and one machine', async (_what, mishap) => {
    const { hosting, server } = stage;
    server.world.tellsNetwork = route !== 'list-apps';
    server.misbehave(route, mishap);
    expect(await whole(hosting)).toEqual({ ok: true });
    expectOneRunner();
  });

  test.each(lasting)(
    '%s each time, the call repeated ends with one app and one machine',
    async (_what, mishap) => {
      const { hosting, server } = stage;
      server.world.tellsNetwork = route !== 'list-apps';
      server.misbehave(route, ...Array.from({ length: WITHOUT_END }, () => mishap));
      const first = await whole(hosting);
      if (!first.ok) expect(first.trouble.mayPass).toBe(true);
      server.behave();
      expect(await whole(hosting)).toEqual({ ok: true });
      expectOneRunner();
    },
  );
});

describe.each<FlyRoute>(['update-machine', 'start-machine'])('where %s', (route) => {
  const changed = { ...SPEC, healthPort: 9_000 };
  const change = async (): Promise<Hosted> => {
    const { hosting } = stage;
    const machineId = await provision(hosting);
    if (route === 'start-machine') await hosting.stopMachine(APP, machineId);
    return hosting.ensureMachine(APP, route === 'start-machine' ? SPEC : changed);
  };

  test.each(mishaps)('%s, the machine is brought to its spec, and runs', async (_what, mishap) => {
    const { hosting, server } = stage;
    server.misbehave(route, mishap);
    expect(await change()).toMatchObject({ ok: true });
    const [machine] = onlyApp()?.machines.values() ?? [];
    expect(machine?.config.checks.alive?.port).toBe(route === 'start-machine' ? 9_464 : 9_000);
    expect(await hosting.awaitHealthy(APP, machine?.id ?? '', 60_000)).toEqual({ ok: true });
  });
});

describe.each<FlyRoute>(['read-machine', 'stop-machine', 'wait'])('where %s', (route) => {
  test.each(mishaps)('%s, the machine is stopped', async (_what, mishap) => {
    const { hosting, server } = stage;
    const machineId = await provision(hosting);
    await hosting.awaitHealthy(APP, machineId, 60_000);
    server.misbehave(route, mishap);
    expect(await hosting.stopMachine(APP, machineId)).toEqual({ ok: true });
    expect([...(onlyApp()?.machines.values() ?? [])].map(stateOf)).toEqual(['stopped']);
  });
});

describe.each<FlyRoute>(['read-app', 'list-apps', 'list-machines', 'remove-machine', 'remove-app'])(
  'where %s',
  (route) => {
    test.each(mishaps)('%s, removal leaves nothing', async (_what, mishap) => {
      const { hosting, server } = stage;
      server.world.tellsNetwork = route !== 'list-apps';
      await provision(hosting);
      server.misbehave(route, mishap);
      const first = await hosting.removeApp(APP);
      if (!first.ok) expect(first.trouble.mayPass).toBe(true);
      expect(await hosting.removeApp(APP)).toEqual({ ok: true });
      expect(server.world.apps.size).toBe(0);
    });

    test.each(lasting)('%s each time, removal repeated leaves nothing', async (_what, mishap) => {
      const { hosting, server } = stage;
      server.world.tellsNetwork = route !== 'list-apps';
      await provision(hosting);
      server.misbehave(route, ...Array.from({ length: WITHOUT_END }, () => mishap));
      const first = await hosting.removeApp(APP);
      if (!first.ok) expect(first.trouble.mayPass).toBe(true);
      server.behave();
      expect(await hosting.removeApp(APP)).toEqual({ ok: true });
      expect(server.world.apps.size).toBe(0);
    });
  },
);

describe('before it is sent again, a request waits', () => {
  test('as many seconds as it is told', async () => {
    const { hosting, means, server } = stage;
    server.misbehave('make-app', { isDone: false, answer: refusal(429, { 'retry-after': '7' }) });
    expect(await hosting.ensureApp(APP)).toEqual({ ok: true });
    expect(means.pauses).toContain(7_000);
  });

  test('until the time that it is told', async () => {
    const { hosting, means, server } = stage;
    const date = new Date(means.now() + 9_000).toUTCString();
    server.misbehave('make-app', { isDone: false, answer: refusal(503, { 'retry-after': date }) });
    expect(await hosting.ensureApp(APP)).toEqual({ ok: true });
    expect(means.pauses).toContain(9_000);
  });

  test('longer each time where it is told nothing, and no longer than the call may last', async () => {
    const { hosting, means, server } = stage;
    server.misbehave(
      'read-app',
      ...Array.from({ length: WITHOUT_END }, () => ({ isDone: false, answer: refusal(500) })),
    );
    const begun = means.now();
    expect(await hosting.ensureApp(APP)).toMatchObject({ trouble: { code: 'unreachable' } });
    expect(means.pauses.slice(0, 4)).toEqual([250, 500, 1_000, 2_000]);
    expect(Math.max(...means.pauses)).toBe(2_500);
    expect(means.now() - begun).toBeLessThanOrEqual(40_000);
  });

  test('longer or shorter by chance, so that calls that failed together do not come back together', async () => {
    const { hosting, means, server } = stage;
    means.chance = 0.5;
    server.misbehave('read-app', { isDone: false, answer: refusal(500) });
    await hosting.ensureApp(APP);
    expect(means.pauses).toEqual([375]);
  });
});
