import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issuerChild } from './issuer/issuer-child.ts';
import { requestToken } from './issuer/token-channel.ts';
import { Processes, type RunningChild } from './processes.ts';

let folder: string;
let issuer: RunningChild<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-issuer-process-'));
  const processes = new Processes({ logFolder: join(folder, 'logs'), stopGraceMs: 5_000 });
  issuer = await processes.start(
    issuerChild({ stateFolder: folder, port: 0, dashboardUrl: 'http://127.0.0.1:8787' }),
  );
}, 30_000);

afterAll(async () => {
  await issuer.stop();
  await rm(folder, { recursive: true });
});

test('the parent gets tokens over its channel, several at once', async () => {
  const keys = createRemoteJWKSet(new URL('/jwks', issuer.ready));
  const people = ['olivia@acme.example', 'ada@acme.example'];
  const minted = await Promise.all(people.map((sub) => requestToken(issuer.process, sub)));
  for (const [index, { token, expiresAt }] of minted.entries()) {
    const { payload } = await jwtVerify(token, keys, { issuer: issuer.ready, audience: 'countersign' });
    expect(payload.sub).toBe(people[index]);
    expect(payload.exp).toBe(Date.parse(expiresAt) / 1000);
  }
});

test('asking for somebody unknown is refused, and the issuer goes on', async () => {
  await expect(requestToken(issuer.process, 'nobody@acme.example')).rejects.toMatchObject({
    code: 'token_not_minted',
    message: expect.stringContaining('knows nobody called nobody@acme.example'),
  });
  expect((await requestToken(issuer.process, 'vera@acme.example')).token).toMatch(/^ey/);
});

test('it stops at SIGTERM with code 0; then there are no tokens', async () => {
  await issuer.stop();
  expect(await issuer.exited).toEqual({ code: 0, signal: null });
  await expect(requestToken(issuer.process, 'ada@acme.example')).rejects.toMatchObject({
    code: 'token_not_minted',
  });
});
