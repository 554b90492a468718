import { beforeEach, describe, expect, test } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { type FlyStage, useFly } from '../../../test/support/fly-hosting.ts';
// biome-ignore lint/plugin: as above
import { APP, HOSTING_TOKEN, RUNNER_TOKEN, SECRET_NAME, SPEC } from '../../../test/support/fly-samples.ts';
// biome-ignore lint/plugin: as above
import { stateOf } from '../../../test/support/fly-world.ts';
// biome-ignore lint/plugin: as above
import { provision } from '../../../test/support/provision.ts';
import { networkOf } from './tenant-mark.ts';

let stage: FlyStage;
useFly((given) => {
  stage = given;
});

const machines = () => [...(stage.server.world.apps.get(APP)?.machines.values() ?? [])];

describe('a runner is provisioned', () => {
  test('as one app in a network of its own, with one secret and one machine that gets healthy', async () => {
    const { hosting, server } = stage;
    const machineId = await provision(hosting);
    expect(await hosting.awaitHealthy(APP, machineId, 60_000)).toEqual({ ok: true });
    const [app, ...others] = server.world.apps.values();
    expect(others).toEqual([]);
    expect(app?.network).toBe(networkOf('prj_acme'));
    expect([...(app?.secrets ?? [])]).toEqual([[SECRET_NAME, RUNNER_TOKEN]]);
    expect(machines()).toMatchObject([{ id: machineId, region: 'fra', secretsVersion: 1 }]);
    expect(await hosting.lookAt(APP)).toEqual({
      ok: true,
      found: {
        machines: [{ machineId, state: 'running', isHealthy: true }],
        secretNames: [SECRET_NAME],
      },
    });
  });

  test('again, as the same', async () => {
    const machineId = await provision(stage.hosting);
    expect(await provision(stage.hosting)).toBe(machineId);
    expect(stage.server.count('make-app')).toBe(1);
    expect(stage.server.count('make-machine')).toBe(1);
  });

  test('also where only the list of apps tells their networks', async () => {
    stage.server.world.tellsNetwork = false;
    const machineId = await provision(stage.hosting);
    expect(await provision(stage.hosting)).toBe(machineId);
    expect(stage.server.count('make-app')).toBe(1);
  });

  test('also where the list of apps lags behind', async () => {
    const { hosting, server } = stage;
    server.world.tellsNetwork = false;
    await hosting.ensureApp(APP);
    const empty = { isDone: false, answer: { status: 200, body: { total_apps: 0, apps: [] } } };
    server.misbehave('list-apps', empty, empty);
    expect(await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN)).toEqual({
      ok: true,
      secretsVersion: 1,
    });
  });

  test('also where a new app cannot be seen at once, without making it twice', async () => {
    stage.server.world.unseenLooks = 3;
    expect(await stage.hosting.ensureApp(APP)).toEqual({ ok: true });
    expect(stage.server.count('make-app')).toBe(1);
  });

  test.each([401, 403])('also where a new app is answered with %i at first', async (status) => {
    const { hosting, server } = stage;
    const unknown = { isDone: false, answer: { status, body: { error: 'unauthorized' } } };
    server.misbehave('read-app', { isDone: true, answer: 'true' }, unknown, unknown, unknown);
    server.misbehave('list-apps', { isDone: false, answer: { status: 200, body: { apps: null } } });
    expect(await hosting.ensureApp(APP)).toEqual({ ok: true });
    expect(server.count('make-app')).toBe(1);
  });

  test('also where somebody who made the app was lost, and it cannot be seen yet', async () => {
    stage.server.world.plantApp(APP, networkOf('prj_acme')).unseenLooks = 3;
    expect(await stage.hosting.ensureApp(APP)).toEqual({ ok: true });
    expect(stage.server.world.apps.size).toBe(1);
  });

  test('and one that is only begun is seen as that', async () => {
    await stage.hosting.ensureApp(APP);
    expect(await stage.hosting.lookAt(APP)).toEqual({ ok: true, found: { machines: [], secretNames: [] } });
  });

  test('each tenant in another network', () => {
    expect(networkOf('prj_other')).not.toBe(networkOf('prj_acme'));
    expect(networkOf('prj_acme')).toMatch(/^[a-z][a-z0-9-]{1,62}$/);
  });
});

describe('a machine that is there', () => {
  test('is left as it is while it has the spec', async () => {
    const first = await provision(stage.hosting);
    const again = await stage.hosting.ensureMachine(APP, { ...SPEC, region: 'ams' });
    expect(again).toEqual({ ok: true, machineId: first });
    expect(stage.server.count('update-machine')).toBe(0);
    expect(machines()).toMatchObject([{ region: 'fra' }]);
  });

  test('is brought to another spec, in place', async () => {
    const first = await provision(stage.hosting);
    const spec = { ...SPEC, image: 'registry.example/countersign-runner@sha256:77aa' };
    expect(await stage.hosting.ensureMachine(APP, spec)).toEqual({ ok: true, machineId: first });
    expect(machines()).toMatchObject([{ version: 2, config: { image: spec.image } }]);
    await stage.hosting.ensureMachine(APP, spec);
    expect(stage.server.count('update-machine')).toBe(1);
  });

  test('gets a secret that was set anew', async () => {
    await provision(stage.hosting);
    await provision(stage.hosting);
    expect(machines()).toMatchObject([{ secretsVersion: 2 }]);
  });

  test('is found by its name when the list has nothing to show', async () => {
    const { hosting, server } = stage;
    const first = await provision(hosting);
    server.misbehave('list-machines', { isDone: false, answer: { status: 200, body: [] } });
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual({ ok: true, machineId: first });
    expect(server.count('make-machine')).toBe(2);
    expect(machines()).toHaveLength(1);
  });

  test('is started when it was stopped', async () => {
    const { hosting } = stage;
    const first = await provision(hosting);
    expect(await hosting.stopMachine(APP, first)).toEqual({ ok: true });
    expect(machines().map(stateOf)).toEqual(['stopped']);
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual({ ok: true, machineId: first });
    expect(await hosting.awaitHealthy(APP, first, 60_000)).toEqual({ ok: true });
  });

  test('is started once it has stopped, when it is stopping', async () => {
    const { hosting, server } = stage;
    const first = await provision(hosting);
    const [machine] = machines();
    if (machine !== undefined) machine.states = ['stopping', 'stopping', 'stopped'];
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual({ ok: true, machineId: first });
    expect(machines().map(stateOf)).toEqual(['created']);
    expect(server.count('start-machine')).toBe(1);
  });

  test('is known as ours also while its host is away, by what is left of its configuration', async () => {
    const { hosting, server } = stage;
    const first = await provision(hosting);
    server.world.awayHosts = 'incomplete';
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual({ ok: true, machineId: first });
  });

  test('is made anew when it is going, once its name is free', async () => {
    const { hosting } = stage;
    await provision(hosting);
    const [old] = machines();
    if (old !== undefined) old.states = ['destroying', 'destroying', 'destroyed'];
    const made = await hosting.ensureMachine(APP, SPEC);
    expect(machines()).toMatchObject([{ id: old?.id }, { id: made.ok && made.machineId }]);
    expect(machines().map(stateOf)).toEqual(['destroyed', 'created']);
  });

  test('waits for its secrets', async () => {
    const { hosting, means, server } = stage;
    await hosting.ensureApp(APP);
    means.onSleep = () => {
      const app = server.world.apps.get(APP);
      if (app !== undefined) app.secretsVersion = SPEC.secretsVersion;
    };
    expect(await hosting.ensureMachine(APP, SPEC)).toMatchObject({ ok: true });
    expect(server.count('make-machine')).toBe(2);
    expect(machines()).toMatchObject([{ secretsVersion: SPEC.secretsVersion }]);
  });
});

describe('stopping', () => {
  test('waits until the runner has finished', async () => {
    const { hosting, server } = stage;
    server.world.stops = ['stopping', 'stopping', 'stopping', 'stopped'];
    const machineId = await provision(hosting);
    await hosting.awaitHealthy(APP, machineId, 60_000);
    expect(await hosting.stopMachine(APP, machineId)).toEqual({ ok: true });
    expect(server.count('stop-machine')).toBe(1);
    expect(machines().map(stateOf)).toEqual(['stopped']);
    const [stop] = server.seen.filter(({ route }) => route === 'stop-machine');
    expect(JSON.parse(stop?.body ?? '')).toEqual({ signal: 'SIGTERM', timeout: '30s' });
    const waits = server.seen.filter(({ url }) => url.includes('/wait?state=stopped'));
    expect(waits).not.toEqual([]);
    for (const { url } of waits) expect(url).toContain(`instance_id=${machineId}-1`);
  });

  test('what is stopped, is not there, or has no app, is done', async () => {
    const { hosting, server } = stage;
    expect(await hosting.stopMachine(APP, 'e28650ab000001')).toEqual({ ok: true });
    const machineId = await provision(hosting);
    expect(await hosting.stopMachine(APP, machineId)).toEqual({ ok: true });
    expect(await hosting.stopMachine(APP, machineId)).toEqual({ ok: true });
    expect(await hosting.stopMachine(APP, 'e28650abffffff')).toEqual({ ok: true });
    expect(server.count('stop-machine')).toBe(1);
  });

  test('is not given up when a wait is refused', async () => {
    const { hosting, server } = stage;
    const machineId = await provision(hosting);
    server.misbehave('wait', { isDone: false, answer: { status: 400, body: { error: 'bad request' } } });
    expect(await hosting.stopMachine(APP, machineId)).toEqual({ ok: true });
    expect(machines().map(stateOf)).toEqual(['stopped']);
  });

  test('what does not end is told as still under way', async () => {
    stage.server.world.stops = ['stopping'];
    const machineId = await provision(stage.hosting);
    expect(await stage.hosting.stopMachine(APP, machineId)).toMatchObject({
      ok: false,
      trouble: { code: 'busy', mayPass: true },
    });
  });
});

describe('removal', () => {
  test('leaves nothing, and can be repeated', async () => {
    const { hosting, server } = stage;
    await provision(hosting);
    expect(await hosting.removeApp(APP)).toEqual({ ok: true });
    expect(server.world.apps.size).toBe(0);
    expect(await hosting.removeApp(APP)).toEqual({ ok: true });
    expect(await hosting.lookAt(APP)).toEqual({ ok: true, found: undefined });
    expect(server.count('remove-app')).toBe(1);
  });

  test('of what was only half made leaves nothing either', async () => {
    await stage.hosting.ensureApp(APP);
    expect(await stage.hosting.removeApp(APP)).toEqual({ ok: true });
    expect(stage.server.world.apps.size).toBe(0);
  });

  test('waits for a deletion that takes its time, and does not ask for it twice', async () => {
    const { hosting, server } = stage;
    server.world.remainingLooks = 4;
    await provision(hosting);
    expect(await hosting.removeApp(APP)).toEqual({ ok: true });
    expect(server.world.apps.size).toBe(0);
    expect(server.count('remove-app')).toBe(1);
  });

  test('that does not end is told as still under way, and ends when it is repeated', async () => {
    const { hosting, server } = stage;
    server.world.remainingLooks = 1_000;
    await provision(hosting);
    const trouble = { code: 'busy', mayPass: true };
    expect(await hosting.removeApp(APP)).toMatchObject({ ok: false, trouble });
    server.world.remainingLooks = 0;
    expect(await hosting.removeApp(APP)).toEqual({ ok: true });
    expect(server.world.apps.size).toBe(0);
  });

  test('is done when the name has become somebody else’s', async () => {
    const { hosting, server } = stage;
    await provision(hosting);
    server.misbehave(
      'read-app',
      { isDone: true, answer: 'true' },
      { isDone: true, answer: { status: 403, body: { error: 'unauthorized' } } },
    );
    expect(await hosting.removeApp(APP)).toEqual({ ok: true });
  });
});

describe('what is sent', () => {
  beforeEach(async () => {
    const { hosting } = stage;
    const machineId = await provision(hosting);
    await hosting.awaitHealthy(APP, machineId, 60_000);
    await hosting.ensureMachine(APP, { ...SPEC, healthPort: 9_000 });
    await hosting.lookAt(APP);
    await hosting.stopMachine(APP, machineId);
    await hosting.ensureMachine(APP, { ...SPEC, healthPort: 9_000 });
    await hosting.removeApp(APP);
  });

  test('holds the hosting token as a bearer, and nowhere else', () => {
    for (const { body, headers, method, url } of stage.server.seen) {
      const { authorization, ...others } = headers;
      expect(authorization).toBe(`Bearer ${HOSTING_TOKEN}`);
      expect(JSON.stringify([method, url, others, body])).not.toContain('fm2_');
    }
  });

  test('holds the runner’s token once, in a body', () => {
    const told = stage.server.seen.filter((request) => JSON.stringify(request).includes('Topsecret'));
    const withRunnerToken = told.filter(({ body }) => body.includes(RUNNER_TOKEN));
    expect(withRunnerToken.map(({ route }) => route)).toEqual(['set-secret']);
    for (const { url, headers } of stage.server.seen) {
      expect(`${url} ${JSON.stringify(headers)}`).not.toContain(RUNNER_TOKEN);
      expect(url).not.toContain('show_secrets');
    }
  });

  test('is something that the API has, each time', () => {
    expect(stage.server.seen.filter(({ route }) => route === undefined)).toEqual([]);
  });
});

test('requests of one kind keep to the published pace', async () => {
  const { hosting, means, server } = stage;
  const machineId = await provision(hosting);
  server.world.remainingLooks = 1_000;
  const [machine] = machines();
  if (machine !== undefined) machine.checks = ['critical'];
  await hosting.awaitHealthy(APP, machineId, 60_000);
  for (let round = 0; round < 5; round += 1) await hosting.lookAt(APP);
  await hosting.removeApp(APP);
  const times = Map.groupBy(means.sent, ({ what }) => what);
  expect([...times.values()].some((same) => same.length > 5)).toBe(true);
  for (const same of times.values()) {
    for (const [place, { at }] of same.entries()) {
      const third = same[place + 3];
      if (third !== undefined) expect(third.at - at).toBeGreaterThanOrEqual(1_000);
    }
  }
});
