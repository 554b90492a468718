import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';
import type { Profiles } from './profile.ts';
import { ProfileStore } from './profile-store.ts';

let folder: string;
let store: ProfileStore;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'countersign-cli-')), 'made');
  store = new ProfileStore({ COUNTERSIGN_CONFIG_DIR: folder });
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const cli = (...args: string[]) => runCli(args, { environment: { COUNTERSIGN_CONFIG_DIR: folder } });
const save = (profiles: Profiles) => store.update(() => profiles);

const two = (url = 'https://plane.example'): Profiles => ({
  current: 'one',
  profiles: { one: { url, tokens: { access_token: 'secret-1' } }, two: { url: 'https://other.example' } },
});

describe('the profiles', () => {
  test('are readable by their owner alone, and nothing lies beside them', async () => {
    await save(two());
    expect((await stat(store.path)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual(['profiles.json']);
  });

  test('that others can read are not taken', async () => {
    await save(two());
    await chmod(store.path, 0o640);
    const ran = await cli('profile', 'list');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(`chmod 600 ${store.path}`);
  });

  test('that are something else are not taken', async () => {
    await save(two());
    for (const text of ['{', '{"current":"x"}', JSON.stringify({ ...two(), more: 1 })]) {
      await writeFile(store.path, text);
      expect(await cli('profile', 'list')).toMatchObject({ code: 1, out: '' });
    }
  });

  test('are changed one process after the other', async () => {
    const add = (name: string) =>
      store.update((now) => ({
        ...now,
        profiles: { ...now.profiles, [name]: { url: 'https://x.example' } },
      }));
    await Promise.all(['a', 'b', 'c', 'd'].map(add));
    expect(Object.keys((await store.read()).profiles).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('are not held for ever by a process that is gone', async () => {
    await save(two());
    const lock = `${store.path}.lock`;
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await save({ ...two(), current: 'two' });
    expect((await store.read()).current).toBe('two');
  });

  test('stay as they were when a change fails', async () => {
    await save(two());
    const before = await readFile(store.path, 'utf8');
    await expect(store.update(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readFile(store.path, 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['profiles.json']);
  });
});

describe('profile', () => {
  test('list and show tell no token', async () => {
    await save(two());
    for (const args of [['list'], ['show'], ['show', 'one'], ['list', '--json'], ['show', '--json']]) {
      const ran = await cli('profile', ...args);
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.out).toContain('https://plane.example');
      expect(ran.out).not.toContain('secret-1');
    }
  });

  test('use changes which is the current one, among those that there are', async () => {
    await save(two());
    expect(await cli('profile', 'use', 'two')).toMatchObject({ code: 0 });
    expect((await store.read()).current).toBe('two');
    for (const name of ['three', '__proto__', 'toString'])
      expect(await cli('profile', 'use', name)).toMatchObject({ code: 2 });
    expect(await cli('profile', 'show', 'three')).toMatchObject({ code: 2 });
  });

  test('list of none says how to begin', async () => {
    expect((await cli('profile', 'list')).out).toContain('countersign login');
  });
});

describe('a login', () => {
  test('is used for its own control plane, and sent to no other', async () => {
    const [own, other] = [await FakePlane.start(), await FakePlane.start()];
    for (const plane of [own, other]) plane.on('GET /v1/runners', { body: { runners: [] } });
    await save(two(own.url));
    expect(await cli('runners', 'list')).toMatchObject({ code: 0 });
    expect(own.seen.map(({ token }) => token)).toEqual(['secret-1']);
    const elsewhere = await cli('runners', 'list', '--url', other.url);
    expect(elsewhere).toMatchObject({ code: 2 });
    expect(other.seen).toEqual([]);
    await own.stop();
    await other.stop();
  });

  test('that has expired, or is not there, says what to do', async () => {
    const tokens = { access_token: 'old', expires_at: '2026-01-01T00:00:00Z' };
    await save({ current: 'one', profiles: { one: { url: 'http://127.0.0.1:1', tokens } } });
    const expired = await cli('runners', 'list');
    expect(expired).toMatchObject({ code: 3, out: '' });
    expect(expired.err).toBe('the login of profile one has expired\n  next: countersign login\n');
    await save({ current: 'one', profiles: { one: { url: 'http://127.0.0.1:1' } } });
    expect((await cli('runners', 'list')).err).toContain('is not signed in');
    expect(await cli('runners', 'list', '--profile', 'none')).toMatchObject({ code: 2 });
  });

  test('needs to be told where, the first time, and takes no plain http across a network', async () => {
    expect(await cli('login')).toMatchObject({ code: 2, out: '' });
    const insecure = ['--url', 'http://plane.example', '--issuer', 'https://login.example'];
    expect(await cli('login', ...insecure)).toMatchObject({ code: 2, out: '' });
    const issuer = ['--url', 'https://plane.example', '--issuer', 'http://login.example'];
    expect(await cli('login', ...issuer)).toMatchObject({ code: 2, out: '' });
  });
});

describe('the project', () => {
  test('is the one of the token, or the only one, or has to be named', async () => {
    const plane = await FakePlane.start();
    const environment = {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 't',
      COUNTERSIGN_CONFIG_DIR: folder,
    };
    const list = () => runCli(['contracts', 'list'], { environment });
    plane.on('GET /v1/control/sessions/self', { body: { context: { project_id: 'prj_a' } } });
    plane.on('GET /v1/control/projects/prj_a/agent-contracts', { body: { contracts: [] } });
    expect(await list()).toMatchObject({ code: 0 });
    plane.on('GET /v1/control/sessions/self', { body: { email: 'ada' } });
    plane.on('GET /v1/control/projects', { body: { projects: [{ project_id: 'prj_a' }] } });
    expect(await list()).toMatchObject({ code: 0 });
    plane.on('GET /v1/control/projects', {
      body: { projects: [{ project_id: 'prj_a' }, { project_id: 'prj_b' }] },
    });
    const several = await list();
    expect(several).toMatchObject({ code: 2 });
    expect(several.err).toContain('--project: prj_a, prj_b');
    await plane.stop();
  });
});
