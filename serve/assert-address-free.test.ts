import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { assertAddressFree } from './assert-address-free.ts';

const HOST = '127.0.0.1';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

test('a port that somebody has is told, and taken when it is free again', async () => {
  const port = await freePort();
  const other = createServer().listen(port, HOST);
  await once(other, 'listening');
  await expect(assertAddressFree(HOST, port)).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringContaining(String(port)),
  });
  other.close();
  await once(other, 'close');
  await expect(assertAddressFree(HOST, port)).resolves.toBeUndefined();
});

test('an address of another machine is told apart from that', async () => {
  // For documentation only, so it is nobody's.
  await expect(assertAddressFree('192.0.2.1', await freePort())).rejects.toMatchObject({
    code: 'address_unusable',
  });
});
