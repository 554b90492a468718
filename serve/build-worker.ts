import { randomUUID } from 'node:crypto';
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleGateway, bundleProvisioner } from './bundle-gateway.ts';

const bundlers = { gateway: () => bundleGateway(), provisioner: () => bundleProvisioner() } as const;

/** Bundles a Worker into a file, in one step: whoever reads it meanwhile gets the old one or the new. */
export async function buildWorker(file: string, worker: keyof typeof bundlers): Promise<void> {
  const begun = new Date();
  const code = await bundlers[worker]();
  await mkdir(dirname(file), { recursive: true });
  const draft = join(dirname(file), `.${randomUUID()}.js`);
  await writeFile(draft, code);
  // A source that was changed meanwhile must count as newer.
  await utimes(draft, begun, begun);
  await rename(draft, file);
}
