import { bundleGateway } from './bundle-gateway.ts';
import type { PlaneWish } from './plane-child.ts';
import { announceReady } from './ready-line.ts';
import { startPlane } from './start-plane.ts';

/* The plane as a process of its own: plane-child.ts is how to start it. */

const wish = JSON.parse(process.env.COUNTERSIGN_PLANE ?? 'null') as PlaneWish;
const plane = await startPlane({
  ...wish.plane,
  code: await bundleGateway(),
  onLog: (line) => process.stdout.write(`${line}\n`),
});
process.once('SIGTERM', async () => {
  await plane.stop();
  process.exit(0);
});
if (!(await plane.hasTenant(wish.tenant.tenant))) await plane.createTenant(wish.tenant);
announceReady(plane.url);
