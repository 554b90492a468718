import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleGateway, bundleProvisioner } from '@countersign/serve/bundle-gateway';
import type { TestProject } from 'vitest/node';

/** The Workers that suites run, by name: the gateway as it is deployed, and the same with clocks that a test moves. */
const bundlers = {
  gateway: () => bundleGateway(),
  clocked: () => bundleGateway('test/support/clocked-worker.ts'),
  provisioner: () => bundleProvisioner(),
} as const;
export type BundleName = keyof typeof bundlers;

declare module 'vitest' {
  interface ProvidedContext {
    /** The files of the Workers that were bundled for this run. */
    bundles: Readonly<Record<BundleName, string>>;
  }
}

/** Bundles every Worker once in a run, whatever number of files use it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bundles-'));
  const names = Object.keys(bundlers) as BundleName[];
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, `${name}.js`);
      await writeFile(file, await bundlers[name]());
      return [name, file] as const;
    }),
  );
  project.provide('bundles', Object.fromEntries(files) as Record<BundleName, string>);
  return () => rm(folder, { recursive: true, force: true });
}
