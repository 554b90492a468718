import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { send } from '../support/http.ts';
import { must } from '../support/must.ts';
import { endOf, ServedPlane } from '../support/served-plane.ts';

/* The first run of a plane on one machine, as the command line makes it. */

// Each starts several processes, on machines that have two cores and other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const TOKEN = 'the-token-of-the-first-run-of-a-served-plane';
const FIRST = { project_id: 'prj_first', label: 'first-project' };

let served: ServedPlane;

beforeAll(async () => {
  served = await ServedPlane.configure({
    secrets: { token_mac_keys: { file: 'keys' }, bootstrap_token: { file: 'bootstrap' } },
    first_project: FIRST,
  });
});
afterAll(() => served?.remove());
afterEach(async () => {
  await served.run('serve', '--stop');
});

async function setToken(text: string): Promise<void> {
  const file = join(served.folder, 'bootstrap');
  await writeFile(file, `${text}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}

const daemon = async () => {
  const ran = await served.run('serve', '--daemon');
  expect(ran).toMatchObject({ code: 0, err: '' });
  return ran.out;
};
const bootstrap = (...args: string[]) =>
  endOf(
    served.startWith({ COUNTERSIGN_BOOTSTRAP_TOKEN: TOKEN }, 'bootstrap', '--url', served.origin, ...args),
  );

describe('the token of the first run', () => {
  test('that cannot be one is a warning, and the plane serves', async () => {
    await setToken('short');
    expect(await daemon()).toMatch(/^WARNING +there is no first run/m);
    expect(await served.status()).toMatchObject({
      healthy: true,
      warnings: [expect.stringContaining('there is no first run')],
    });
    const ran = await bootstrap('--save', join(served.folder, 'none.token'));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('bootstrap_closed') });
  });

  test('makes one account of a project that nobody is in, which commands then send', async () => {
    await setToken(TOKEN);
    expect(await daemon()).not.toContain('WARNING');
    const ran = await bootstrap();
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).not.toContain('syn_svc_');
    expect((await served.run('whoami')).out).toContain(FIRST.project_id);
    const again = await bootstrap('--save', join(served.folder, 'again.token'));
    expect(again).toMatchObject({ code: 4, out: '', err: expect.stringContaining('already_bootstrapped') });
    await served.run('serve', '--stop');
    await setToken('another-token-after-the-first-run');
    await daemon();
    expect(
      await endOf(
        served.startWith(
          { COUNTERSIGN_BOOTSTRAP_TOKEN: 'another-token-after-the-first-run' },
          ...['bootstrap', '--url', served.origin, '--save', join(served.folder, 'later.token')],
        ),
      ),
    ).toMatchObject({ code: 4 });
    expect((await served.run('invitations', 'list')).code).toBe(0);
  });
});

describe('--insecure-localhost', () => {
  test('asks nobody on this machine, says so, and is not to be reached from another', async () => {
    await setToken(TOKEN);
    const child = served.start('serve', '--foreground', '--insecure-localhost');
    const ended = endOf(child);
    if (child.stderr !== null) await Promise.race([once(child.stderr, 'data'), ended]);
    const health = must(await send(served.origin, { method: 'GET', path: '/health' }));
    expect(health.body).toMatchObject({ authentication: 'disabled' });
    expect(health.headers['x-countersign-authentication']).toContain('disabled');
    must(await send(served.origin, { method: 'GET', path: '/v1/members' }));
    for (const address of othersOfThisMachine()) expect(await answersAt(address)).toBe(false);
    const made = await served.run(
      'bootstrap',
      '--insecure-localhost',
      '--profile',
      'local',
      '--url',
      served.origin,
    );
    expect(made).toMatchObject({ code: 0, err: '' });
    expect((await served.run('whoami')).out).toContain('prj_insecure_localhost');
    child.kill('SIGTERM');
    expect((await ended).err).toMatch(/^WARNING +AUTHENTICATION IS DISABLED/m);
    await daemon();
    expectProblem(await send(served.origin, { method: 'GET', path: '/v1/members' }), 'token_missing');
  });

  test.each([
    [['--daemon', '--insecure-localhost'], '--foreground'],
    [['--insecure-localhost'], '--foreground'],
  ])('%j is refused', async (args, told) => {
    expect(await served.run('serve', ...args)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(told),
    });
  });

  test.each([
    ['another address', { host: '0.0.0.0', behind_tls_proxy: true }],
    ['a proxy before it', { host: '127.0.0.1', behind_tls_proxy: true }],
    ['another name of this machine', { host: 'localhost' }],
  ])('is refused with %s', async (_what, listen) => {
    const file = join(served.folder, 'elsewhere.json');
    await writeFile(file, JSON.stringify({ store: 'store-elsewhere', issuers: [], listen }));
    const ran = await served.run('serve', '--foreground', '--insecure-localhost', '--config', file);
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('127.0.0.1 alone') });
  });
});

function othersOfThisMachine(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}

async function answersAt(host: string): Promise<boolean> {
  const socket = connect({ host, port: served.port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
