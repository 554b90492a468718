import { describe, expect, test } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { type FlyStage, useFly } from '../../../test/support/fly-hosting.ts';
// biome-ignore lint/plugin: as above
import { APP, RUNNER_TOKEN, SECRET_NAME, SPEC } from '../../../test/support/fly-samples.ts';
// biome-ignore lint/plugin: as above
import { FlyServer } from '../../../test/support/fly-server.ts';
// biome-ignore lint/plugin: as above
import { type FlyAnswer, refusal } from '../../../test/support/fly-wire.ts';
// biome-ignore lint/plugin: as above
import { provision } from '../../../test/support/provision.ts';
import type { Trouble } from './hosting-provider.ts';

let stage: FlyStage;
useFly((given) => {
  stage = given;
});

const trouble = (expected: Partial<Trouble>) => ({ ok: false, trouble: expected });
const always = (answer: FlyAnswer | 'silent' | 'endless') =>
  Array.from({ length: 200 }, () => ({ isDone: false, answer }));

describe('name_taken', () => {
  const taken = trouble({ code: 'name_taken', mayPass: false });
  const owners = [
    ['another organization', undefined, 'elsewhere'],
    ['our organization, without our mark', 'default', undefined],
    ['our organization, for another tenant', 'countersign-0123456789abcdef0123456789abcdef', undefined],
  ] as const;

  describe.each(owners)('for an app of %s', (_what, network, organization) => {
    test.each([true, false])(
      'which no call touches; its details tell its network: %j',
      async (tellsNetwork) => {
        const { hosting, server } = stage;
        server.world.tellsNetwork = tellsNetwork;
        const app = server.world.plantApp(APP, network, organization);
        expect(await hosting.ensureApp(APP)).toEqual(taken);
        expect(await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN)).toEqual(taken);
        expect(await hosting.ensureMachine(APP, SPEC)).toEqual(taken);
        expect(await hosting.removeApp(APP)).toEqual(taken);
        expect(await hosting.lookAt(APP)).toEqual(taken);
        expect(server.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
        expect(server.world.apps.get(APP)).toBe(app);
      },
    );
  });

  test('for an app of another tenant of ours, which stays', async () => {
    const { hosting, other, server } = stage;
    const machineId = await provision(hosting);
    const stranger = other({ tenant: 'prj_other' });
    expect(await stranger.ensureApp(APP)).toEqual(taken);
    expect(await stranger.removeApp(APP)).toEqual(taken);
    expect(await stranger.stopMachine(APP, machineId)).toEqual(taken);
    expect(await stranger.awaitHealthy(APP, machineId, 60_000)).toEqual(taken);
    expect(server.world.apps.get(APP)?.machines.size).toBe(1);
    expect(server.count('stop-machine') + server.count('remove-app')).toBe(0);
  });

  test.each([
    {},
    { countersign_tenant: 'prj_acme', countersign_purpose: 'something else' },
    { countersign_tenant: 'prj_other', countersign_purpose: 'runner' },
  ])('for a machine of our name that somebody put into our app, marked %j', async (metadata) => {
    const { hosting, server } = stage;
    await provision(hosting);
    for (const { config } of server.world.apps.get(APP)?.machines.values() ?? []) config.metadata = metadata;
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual(taken);
    expect(await hosting.lookAt(APP)).toMatchObject({ ok: true, found: { machines: [] } });
  });

  test('for a name that is taken just before us', async () => {
    const { hosting, server } = stage;
    server.world.plantApp(APP);
    server.misbehave('read-app', { isDone: false, answer: refusal(404, 'app not found') });
    expect(await hosting.ensureApp(APP)).toEqual(taken);
  });
});

describe('not_allowed', () => {
  const refused = trouble({ code: 'not_allowed', mayPass: false });

  test('for a token that is not valid', async () => {
    const hosting = stage.other({ token: 'FlyV1 fm2_old' });
    expect(await hosting.ensureApp(APP)).toEqual(refused);
    expect(await hosting.removeApp(APP)).toEqual(refused);
    expect(stage.server.seen).toHaveLength(2);
  });

  test('for a token that may not make apps in the organization', async () => {
    expect(await stage.other({ organization: 'elsewhere' }).ensureApp(APP)).toEqual(refused);
  });

  test('for a token that may see neither the app nor the organization', async () => {
    const { hosting, server } = stage;
    await provision(hosting);
    server.misbehave('read-app', ...always(refusal(403, 'unauthorized')));
    server.misbehave('list-apps', ...always(refusal(403, 'unauthorized')));
    expect(await hosting.removeApp(APP)).toEqual(refused);
  });
});

describe('rejected', () => {
  test('with the provider’s word where it has one', async () => {
    const { hosting, server } = stage;
    await hosting.ensureApp(APP);
    await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN);
    server.misbehave('make-machine', ...always(refusal(422, 'no host', 'insufficient_capacity')));
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual(
      trouble({ code: 'rejected', word: 'insufficient_capacity', mayPass: true }),
    );
  });

  test('with the status otherwise, once and for good', async () => {
    const { hosting, server } = stage;
    server.misbehave('make-app', ...always(refusal(422, 'Validation failed')));
    expect(await hosting.ensureApp(APP)).toEqual(
      trouble({ code: 'rejected', word: 'http_422', mayPass: false }),
    );
    expect(server.count('make-app')).toBe(1);
  });

  test('as long as the machine’s secrets are not where it is to be', async () => {
    const { hosting } = stage;
    await hosting.ensureApp(APP);
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual(
      trouble({ code: 'rejected', word: 'http_412', mayPass: true }),
    );
  });

  test('never with what the provider says in sentences, which may repeat what it was sent', async () => {
    const { hosting, server } = stage;
    await hosting.ensureApp(APP);
    const told = { error: `bad value ${RUNNER_TOKEN}`, status: RUNNER_TOKEN, message: RUNNER_TOKEN };
    server.misbehave('set-secret', ...always({ status: 400, body: told }));
    const result = await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN);
    expect(result).toEqual(trouble({ code: 'rejected', word: 'http_400', mayPass: false }));
  });

  test('when the app or the machine is not there', async () => {
    const { hosting } = stage;
    const missing = (word: string) => trouble({ code: 'rejected', word, mayPass: false });
    expect(await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN)).toEqual(missing('app_missing'));
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual(missing('app_missing'));
    expect(await hosting.awaitHealthy(APP, 'e28650ab000001', 1_000)).toEqual(missing('machine_missing'));
  });

  test('when the spec holds a token of ours, before anything is sent', async () => {
    const spec = { ...SPEC, environment: { TOKEN: RUNNER_TOKEN } };
    expect(await stage.hosting.ensureMachine(APP, spec)).toEqual(
      trouble({ code: 'rejected', word: 'secret_in_spec', mayPass: false }),
    );
    expect(stage.server.seen).toEqual([]);
  });

  test.each(['', '.', '..', 'a/b', 'a?force=true', 'A', `a${'b'.repeat(62)}`])(
    'when %j is to be a name, before anything is sent',
    async (name) => {
      const { hosting } = stage;
      const invalid = trouble({ code: 'rejected', word: 'name_invalid', mayPass: false });
      expect(await hosting.ensureApp(name)).toEqual(invalid);
      expect(await hosting.ensureSecret(name, SECRET_NAME, 'x')).toEqual(invalid);
      expect(await hosting.ensureSecret(APP, name.replace('A', 'a'), 'x')).toEqual(invalid);
      expect(await hosting.ensureMachine(name, SPEC)).toEqual(invalid);
      expect(await hosting.awaitHealthy(name, 'e1', 1_000)).toEqual(invalid);
      expect(await hosting.stopMachine(APP, name)).toMatchObject(name.length > 60 ? { ok: true } : invalid);
      expect(await hosting.removeApp(name)).toEqual(invalid);
      expect(await hosting.lookAt(name)).toEqual(invalid);
    },
  );

  test('when the address answers with another one, which is not followed', async () => {
    const { hosting, server } = stage;
    const elsewhere = await FlyServer.start('any');
    const answer = { status: 307, headers: { location: `${elsewhere.url}/v1/apps/${APP}` } };
    server.misbehave('read-app', { isDone: false, answer });
    expect(await hosting.removeApp(APP)).toEqual(
      trouble({ code: 'rejected', word: 'http_307', mayPass: false }),
    );
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });
});

describe('busy', () => {
  test('with the time that the provider asks for, at once where that is longer than a call', async () => {
    const { hosting, means, server } = stage;
    server.misbehave('make-app', {
      isDone: false,
      answer: { status: 429, headers: { 'retry-after': '3600' } },
    });
    expect(await hosting.ensureApp(APP)).toEqual(
      trouble({ code: 'busy', mayPass: true, retryAfterMs: 3_600_000 }),
    );
    expect(means.pauses).toEqual([]);
  });

  test('with a second where it does not say', async () => {
    const { hosting, server } = stage;
    server.misbehave('read-app', ...always({ status: 429 }));
    expect(await hosting.lookAt(APP)).toEqual(trouble({ code: 'busy', mayPass: true, retryAfterMs: 1_000 }));
  });

  test('while there is no time for a request at all', async () => {
    expect(await stage.hosting.awaitHealthy(APP, 'e28650ab000001', 0)).toMatchObject(
      trouble({ code: 'busy', mayPass: true }),
    );
    expect(stage.server.seen).toEqual([]);
  });
});

describe('unreachable', () => {
  const away = trouble({ code: 'unreachable', mayPass: true, retryAfterMs: 0 });

  test('when nobody answers at the address', async () => {
    const elsewhere = await FlyServer.start('any');
    const { url } = elsewhere;
    await elsewhere.stop();
    const hosting = stage.other({ url });
    expect(await hosting.removeApp(APP)).toEqual(away);
    expect(await hosting.lookAt(APP)).toEqual(away);
  });

  test.each(['silent', 'endless'] as const)('when the answer to a question is %s', async (answer) => {
    stage.server.misbehave('read-app', ...always(answer));
    expect(await stage.hosting.lookAt(APP)).toEqual(away);
  });

  test('when the machine’s host is away, so that nobody can see whose it is', async () => {
    const { hosting, server } = stage;
    const machineId = await provision(hosting);
    server.world.awayHosts = 'silent';
    expect(await hosting.ensureMachine(APP, SPEC)).toEqual(away);
    expect(await hosting.stopMachine(APP, machineId)).toEqual(away);
    expect(server.count('stop-machine')).toBe(0);
  });

  test('when the list of machines is none that can be used', async () => {
    const { hosting, server } = stage;
    await provision(hosting);
    const machine = { id: '../..', name: 'runner', state: 'started', instance_id: '1', config: {} };
    server.misbehave('list-machines', ...always({ status: 200, body: [machine] }));
    expect(await hosting.removeApp(APP)).toEqual(away);
  });
});

describe('unhealthy', () => {
  test.each([
    [['created', 'starting', 'started'], ['warning', 'critical'], true],
    [['created', 'starting'], ['critical'], true],
    [['created', 'something_new'], ['critical'], true],
    [['created', 'stopped'], ['critical'], true],
    [['created', 'failed'], ['critical'], false],
    [['created', 'launch_failed'], ['critical'], false],
    [['created', 'destroying'], ['critical'], false],
  ])('when the states are %j and the checks %j; it may pass: %j', async (starts, checks, mayPass) => {
    const { hosting, means, server } = stage;
    server.world.starts = starts;
    server.world.checks = checks;
    const machineId = await provision(hosting);
    const begun = means.now();
    expect(await hosting.awaitHealthy(APP, machineId, 90_000)).toEqual(
      trouble({ code: 'unhealthy', mayPass }),
    );
    expect(means.now() - begun).toBeLessThanOrEqual(90_000);
    if (mayPass) expect(means.now() - begun).toBeGreaterThan(80_000);
  });

  test('when a wait is refused, though a later look may find it healthy', async () => {
    const { hosting, server } = stage;
    const machineId = await provision(hosting);
    server.misbehave('wait', { isDone: false, answer: refusal(400, 'currently replaced') });
    expect(await hosting.awaitHealthy(APP, machineId, 60_000)).toEqual({ ok: true });
  });
});

describe('unknown', () => {
  const doubt = trouble({ code: 'unknown', mayPass: true, retryAfterMs: 0 });

  test('when an app may have been made, or may be yet', async () => {
    stage.server.misbehave('make-app', ...always('silent'));
    expect(await stage.hosting.ensureApp(APP)).toEqual(doubt);
  });

  test('with the time that the provider asks for', async () => {
    const answer = { status: 503, headers: { 'retry-after': '50' } };
    stage.server.misbehave('make-app', { isDone: true, answer });
    expect(await stage.hosting.ensureApp(APP)).toEqual(
      trouble({ code: 'unknown', mayPass: true, retryAfterMs: 50_000 }),
    );
  });

  test('when nobody could look any more after that', async () => {
    const { hosting, server } = stage;
    server.misbehave('make-app', { isDone: true, answer: 'silent' });
    server.misbehave('read-app', { isDone: true, answer: 'true' }, ...always(refusal(500, 'down')));
    expect(await hosting.ensureApp(APP)).toEqual(doubt);
    server.behave();
    expect(await hosting.ensureApp(APP)).toEqual({ ok: true });
    expect(server.count('make-app')).toBe(1);
  });

  test('also when the token is refused after that', async () => {
    const { hosting, server } = stage;
    server.misbehave('make-app', { isDone: true, answer: 'cut' });
    server.misbehave('read-app', { isDone: true, answer: 'true' }, ...always(refusal(401, 'expired')));
    expect(await hosting.ensureApp(APP)).toEqual(doubt);
    expect(await hosting.ensureApp(APP)).toEqual(trouble({ code: 'not_allowed', mayPass: false }));
  });

  test('when a secret may have been set', async () => {
    const { hosting, server } = stage;
    await hosting.ensureApp(APP);
    server.misbehave('set-secret', ...always({ status: 201, body: { name: SECRET_NAME } }));
    expect(await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN)).toEqual(doubt);
  });
});
