import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ObjectStore, startObjectStore } from './object-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-objects-'));
});
afterAll(() => rm(folder, { recursive: true }));

function clientOf({ accessKeyId, secretAccessKey }: ObjectStore): AwsClient {
  return new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'auto', retries: 0 });
}

test('the local object store keeps objects across starts, each with credentials of its own', async () => {
  const first = await startObjectStore({ folder, bucket: 'letters' });
  expect(new URL(first.url).hostname).toBe('127.0.0.1');
  await clientOf(first).fetch(`${first.url}/letters/one`, { method: 'PUT', body: 'kept' });
  await first.stop();

  const second = await startObjectStore({ folder, bucket: 'letters' });
  const url = `${second.url}/letters/one`;
  expect(await (await clientOf(second).fetch(url)).text()).toBe('kept');
  expect((await clientOf(first).fetch(url)).status).toBe(401);
  expect((await fetch(url)).ok).toBe(false);
  await second.stop();
}, 60_000);
