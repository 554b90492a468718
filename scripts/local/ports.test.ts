import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { assertPortFree, LOOPBACK } from './ports.ts';

test('a port in use is refused in plain words, and free again once it is let go', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen({ host: LOOPBACK, port: 0 }, resolve));
  const address = holder.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;

  await expect(assertPortFree(port, 'issuer')).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringMatching(new RegExp(`^Port ${port}, wanted by the issuer, .*npm start -- --port`)),
  });
  await new Promise((resolve) => holder.close(resolve));
  await assertPortFree(port, 'issuer');
  // The probe itself must not hold on to it.
  await assertPortFree(port, 'issuer');
});
