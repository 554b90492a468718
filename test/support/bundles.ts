import { bundleGateway, bundleProvisioner } from '@countersign/serve/bundle-gateway';

/** The Workers that suites run, by name: the gateway as it is deployed, and the same with clocks that a test moves. */
const bundlers = {
  gateway: () => bundleGateway(),
  clocked: () => bundleGateway('test/support/clocked-worker.ts'),
  provisioner: () => bundleProvisioner(),
} as const;
export type BundleName = keyof typeof bundlers;

const bundles = new Map<BundleName, Promise<string>>();

/** The code of a Worker, bundled when it is first asked for, whatever number of files use it. */
export function bundleOf(name: BundleName): Promise<string> {
  const bundle = bundles.get(name) ?? bundlers[name]();
  bundles.set(name, bundle);
  return bundle;
}
