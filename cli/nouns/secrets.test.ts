import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const P = '/v1/control/projects/prj_1';
const SECRET = 'syn_agt_not_really';

let plane: FakePlane;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
});
afterEach(() => plane.stop());

const cli = (...args: string[]) =>
  runCli(args, {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 'token-of-ada',
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
  });

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

describe('a secret', () => {
  const issuings = [
    {
      args: [
        'agents',
        'create',
        'bot',
        '--bind',
        'tenant_id=acme',
        '--bind',
        'principal=a=b',
        '--source',
        'src_1',
      ],
      route: 'POST /v1/agents',
      body: { name: 'bot', bindings: { tenant_id: 'acme', principal: 'a=b' }, source_ids: ['src_1'] },
      secret: 'agent_token',
      answer: { agent: { agent_id: 'agt_1' } },
      next: 'countersign agents rotate agt_1',
    },
    {
      args: ['agents', 'rotate', 'agt_1', '--overlap', '60'],
      route: 'POST /v1/agents/agt_1/rotate',
      body: { overlap_seconds: 60 },
      secret: 'agent_token',
      answer: { agent: { agent_id: 'agt_1' } },
      next: 'countersign agents rotate agt_1',
    },
    {
      args: [
        'services',
        'create',
        'ci',
        '--scope',
        'proposals:write',
        '--source',
        'src_1',
        '--expires-at',
        '2027-01-15T08:00:00Z',
      ],
      route: 'POST /v1/control/api-keys',
      body: {
        project_id: 'prj_1',
        name: 'ci',
        scopes: ['proposals:write'],
        source_ids: ['src_1'],
        expires_at: 1_800_000_000,
      },
      secret: 'token',
      answer: { api_key: { key_id: 'ak_1' } },
      next: 'countersign services rotate ak_1',
    },
    {
      args: ['services', 'rotate', 'ak_1', '--overlap', '60'],
      route: 'POST /v1/control/api-keys/rotate',
      body: { project_id: 'prj_1', key_id: 'ak_1', overlap_seconds: 60 },
      secret: 'token',
      answer: { api_key: { key_id: 'ak_1' } },
      next: 'countersign services rotate ak_1',
    },
    {
      args: ['runner-tokens', 'create', 'r', '--source', 'src_1'],
      route: `POST ${P}/runner-tokens`,
      body: { name: 'r', source_ids: ['src_1'] },
      secret: 'runner_token',
      answer: { token: { token_id: 'rnt_1' } },
      next: 'countersign runner-tokens rotate rnt_1',
    },
    {
      args: ['runner-tokens', 'rotate', 'rnt_1'],
      route: `POST ${P}/runner-tokens/rnt_1/rotate`,
      body: {},
      secret: 'runner_token',
      answer: { token: { token_id: 'rnt_1' } },
      next: 'countersign runner-tokens rotate rnt_1',
    },
    {
      args: ['invitations', 'create', 'Ada', '--role', 'approver', '--days', '2'],
      route: 'POST /v1/invitations',
      body: { name: 'Ada', roles: ['approver'], approval_roles: [], expires_in_seconds: 172_800 },
      secret: 'code',
      answer: { invitation_id: 'inv_1' },
      next: 'countersign invitations revoke inv_1, and create another',
    },
  ];

  test.each(issuings.map((one) => [one.args.slice(0, 2).join(' '), one] as const))(
    'of %s is printed once, alone, or saved for its owner',
    async (_name, { answer, args, body, route, secret }) => {
      plane.on(route, { body: { ...answer, [secret]: SECRET, secret_available: true } });
      const ran = await cli(...args);
      expect(ran).toMatchObject({ code: 0, out: `${SECRET}\n` });
      expect(ran.err).not.toContain(SECRET);
      expect(plane.seen[0]?.body).toEqual(body);

      const path = join(folder, 'secret');
      for (const flags of [[], ['--json']]) {
        const saved = await cli(...args, '--save', path, ...flags);
        expect(saved).toMatchObject({ code: 0, err: '' });
        expect(saved.out).not.toContain(SECRET);
        expect(await readFile(path, 'utf8')).toBe(`${SECRET}\n`);
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        await rm(path);
      }
    },
  );

  test.each(issuings.map((one) => [one.args.slice(0, 2).join(' '), one] as const))(
    'of %s that was shown before cannot be had, and it is said how to come by another',
    async (_name, { answer, args, next, route }) => {
      plane.on(route, { body: { ...answer, secret_available: false, idempotent: true } });
      const path = join(folder, 'none');
      const ran = await cli(...args, '--save', path);
      expect(ran).toMatchObject({ code: 4, out: '' });
      expect(ran.err).toContain('shown once');
      expect(ran.err).toContain(`next: ${next}`);
      await expect(stat(path)).rejects.toThrow('ENOENT');
    },
  );

  test('that is missing where it should be is no secret', async () => {
    plane.on('POST /v1/control/api-keys/rotate', {
      body: { api_key: { key_id: 'ak_1' }, secret_available: true },
    });
    expect(await cli('services', 'rotate', 'ak_1')).toMatchObject({ code: 5, out: '' });
  });

  test('is not made where it could not be kept, and leaves no file where none was made', async () => {
    const path = await file('taken', {});
    expect(await cli('services', 'rotate', 'ak_1', '--save', path)).toMatchObject({ code: 3, out: '' });
    expect(plane.seen).toEqual([]);
    plane.on('POST /v1/control/api-keys/rotate', problem(403, 'forbidden', 'no'));
    const free = join(folder, 'free');
    expect(await cli('services', 'rotate', 'ak_1', '--save', free)).toMatchObject({ code: 3, out: '' });
    await expect(stat(free)).rejects.toThrow('ENOENT');
  });

  test('such as the code of an invitation comes from stdin, a file or a person, never from an argument', async () => {
    plane.on('POST /v1/invitations/accept', { body: { ok: true } });
    const environment = {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 't',
      COUNTERSIGN_CONFIG_DIR: folder,
    };
    const path = join(folder, 'code');
    await writeFile(path, 'c-3\n');
    await runCli(['invitations', 'accept'], { environment, input: 'c-1\n' });
    await runCli(['invitations', 'accept'], { environment, typed: 'c-2' });
    await runCli(['invitations', 'accept', '--code-file', path], { environment });
    expect(plane.seen.map(({ body }) => body)).toEqual([{ code: 'c-1' }, { code: 'c-2' }, { code: 'c-3' }]);
    expect(await runCli(['invitations', 'accept', 'c-4'], { environment })).toMatchObject({ code: 2 });
  });
});
