import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProfileStore } from '../profiles/profile-store.ts';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { type Circumstances, runCli } from '../testing/run-cli.ts';

const BOOTSTRAP = 'the-token-of-a-first-run';
const SECRET = 'syn_svc_not_really';
const api_key = { key_id: 'ak_1', project_id: 'prj_1', name: 'first-run' };
const issued = { ok: true, api_key, secret_available: true, token: SECRET };

let plane: FakePlane;
let folder: string;
let store: ProfileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
  store = new ProfileStore({ COUNTERSIGN_CONFIG_DIR: folder });
  plane = await FakePlane.start();
});
afterEach(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

interface Said extends Omit<Circumstances, 'environment'> {
  readonly environment?: Readonly<Record<string, string>>;
}
const cli = (args: readonly string[], { environment, ...said }: Said = {}) =>
  runCli(args, { environment: { COUNTERSIGN_CONFIG_DIR: folder, ...environment }, ...said });
const at = () => ['--url', plane.url, '--project', 'prj_1'];

describe('bootstrap', () => {
  const EXCHANGE = 'POST /v1/bootstrap/exchange';

  test('keeps what it gets in the profile, which every command then sends', async () => {
    plane.on(EXCHANGE, { status: 201, body: issued });
    plane.on('GET /v1/cors-origins', { body: { ok: true, origins: ['https://a.example'] } });
    const environment = { COUNTERSIGN_BOOTSTRAP_TOKEN: BOOTSTRAP };
    const ran = await cli(['bootstrap', '--name', 'ci', ...at()], { environment });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).not.toContain(SECRET);
    const [seen] = plane.seen;
    expect(seen).toMatchObject({ token: BOOTSTRAP, body: { name: 'ci' } });
    expect(seen?.line).toBe(`${EXCHANGE}?project_id=prj_1`);
    expect(seen?.idempotencyKey).toBeDefined();
    expect((await stat(store.path)).mode & 0o777).toBe(0o600);
    expect((await cli(['cors', 'list'])).out).toBe('https://a.example\n');
    expect(plane.seen[1]).toMatchObject({ token: SECRET, line: 'GET /v1/cors-origins?project_id=prj_1' });
  });

  test('takes the token that somebody types or pipes, and shows it nowhere', async () => {
    plane.on(EXCHANGE, { status: 201, body: issued });
    const typed = await cli(['bootstrap', '--profile', 'a', ...at()], { typedHidden: BOOTSTRAP });
    const piped = await cli(['bootstrap', '--profile', 'b', ...at()], { input: `${BOOTSTRAP}\n` });
    const named = ['--bootstrap-token-file', '-'];
    const fromStdin = await cli(['bootstrap', '--profile', 'c', ...named, ...at()], { input: BOOTSTRAP });
    for (const { code, err, out } of [typed, piped, fromStdin]) {
      expect(code).toBe(0);
      expect(out + err).not.toContain(BOOTSTRAP);
    }
    expect(plane.seen.map(({ token }) => token)).toEqual([BOOTSTRAP, BOOTSTRAP, BOOTSTRAP]);
  });

  test('writes it to a file instead', async () => {
    plane.on(EXCHANGE, { status: 201, body: issued });
    const file = join(folder, 'first.token');
    const environment = { COUNTERSIGN_BOOTSTRAP_TOKEN: BOOTSTRAP };
    expect(await cli(['bootstrap', '--save', file, ...at()], { environment })).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toBe(`${SECRET}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await store.read()).profiles).toEqual({});
  });

  test('asks nothing where it could not keep the answer', async () => {
    await store.update(() => ({
      current: 'default',
      profiles: { default: { url: plane.url, tokens: { access_token: 'of ada' } } },
    }));
    const environment = { COUNTERSIGN_BOOTSTRAP_TOKEN: BOOTSTRAP };
    expect(await cli(['bootstrap', ...at()], { environment })).toMatchObject({ code: 3, out: '' });
    await chmod(store.path, 0o644);
    expect(await cli(['bootstrap', '--profile', 'b', ...at()], { environment })).toMatchObject({ code: 1 });
    expect(plane.seen).toEqual([]);
  });

  test('says the way out where it was done before, or its answer was lost', async () => {
    const environment = { COUNTERSIGN_BOOTSTRAP_TOKEN: BOOTSTRAP };
    plane.on(EXCHANGE, { body: { ok: true, api_key, secret_available: false, idempotent: true } });
    const lost = await cli(['bootstrap', ...at()], { environment });
    expect(lost).toMatchObject({ code: 4, out: '' });
    expect(lost.err).toContain('npm run unlock -- --bootstrap');
    plane.on(EXCHANGE, problem(409, 'already_bootstrapped', 'handed out before', { next: 'use its token' }));
    const late = await cli(['bootstrap', ...at()], { environment });
    expect(late).toMatchObject({ code: 4, out: '' });
    expect(late.err).toContain('use its token');
    expect((await store.read()).profiles).toEqual({});
  });

  test('asks a plane that asks nobody who they are without any token', async () => {
    plane.on('POST /v1/bootstrap/service-account', { status: 201, body: issued });
    expect(await cli(['bootstrap', '--insecure-localhost', '--url', plane.url])).toMatchObject({ code: 0 });
    expect(plane.seen[0]?.token).toBeUndefined();
    expect((await store.read()).profiles.default).toMatchObject({
      project_id: 'prj_1',
      tokens: { access_token: SECRET },
    });
  });
});

describe('token save', () => {
  test.each([
    ['typed', { typedHidden: SECRET }, []],
    ['piped', { input: `${SECRET}\n` }, []],
    ['piped by name', { input: SECRET, typedHidden: 'not this one' }, ['--token-file', '-']],
  ])('keeps what is %s for its control plane alone', async (_how, said, more) => {
    const ran = await cli(['token', 'save', '--profile', 'ci', ...more, ...at()], said);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out + ran.err).not.toContain(SECRET);
    expect((await stat(store.path)).mode & 0o777).toBe(0o600);
    expect(await store.read()).toEqual({
      current: 'ci',
      profiles: { ci: { url: plane.url, project_id: 'prj_1', tokens: { access_token: SECRET } } },
    });
    const elsewhere = await cli(['cors', 'list', '--url', 'https://evil.example']);
    expect(elsewhere).toMatchObject({ code: 2, out: '' });
  });

  test('takes no argument and no two tokens, keeps nothing then, and shows none of it', async () => {
    for (const [args, input] of [
      [['token', 'save', SECRET, ...at()], ''],
      [['token', 'save', ...at()], `${SECRET} ${SECRET}`],
      [['token', 'save', ...at()], ''],
      [['token', 'save', ...at()], `${SECRET}\n${SECRET}`],
    ] as const) {
      const ran = await cli(args, { input });
      expect(ran).toMatchObject({ code: 2, out: '' });
    }
    expect((await cli(['token', 'save', ...at()], { input: `${SECRET} x` })).err).not.toContain(SECRET);
    expect((await store.read()).profiles).toEqual({});
  });

  test('needs to know which control plane it is for', async () => {
    expect(await cli(['token', 'save'], { input: SECRET })).toMatchObject({ code: 2 });
  });
});

describe('cors', () => {
  test.each(['allow', 'deny'])('%s sends the origin, and prints the list', async (verb) => {
    plane.on(`POST /v1/cors-origins/${verb}`, { body: { ok: true, origins: [] } });
    const environment = { COUNTERSIGN_TOKEN: 'token-of-ada' };
    const ran = await cli(['cors', verb, 'https://a.example', ...at()], { environment });
    expect(ran).toMatchObject({ code: 0, out: 'none\n' });
    expect(plane.seen[0]).toMatchObject({ body: { origin: 'https://a.example' }, token: 'token-of-ada' });
    expect(plane.seen[0]?.idempotencyKey).toBeDefined();
  });
});
