import { flyMachines } from '@countersign/provisioner/hosting/fly-machines';
import { flySettings } from '@countersign/provisioner/hosting/fly-settings';
import type { HostingProvider } from '@countersign/provisioner/hosting/hosting-provider';
import { afterEach, beforeEach } from 'vitest';
import { HOSTING_TOKEN, ORGANIZATION, TENANT } from './fly-samples.ts';
import { FlyServer } from './fly-server.ts';
import { VirtualMeans } from './virtual-means.ts';

/** A server of Fly, and what asks it for our tenant. */
export interface FlyStage {
  readonly server: FlyServer;
  readonly means: VirtualMeans;
  readonly hosting: HostingProvider;
  /** The same with other settings, or for another tenant; its time is this stage's. */
  other(changed: { tenant?: string; token?: string; organization?: string; url?: string }): HostingProvider;
}

/** Gives each test of a file a server of its own. */
export function useFly(given: (stage: FlyStage) => void): void {
  let server: FlyServer;

  beforeEach(async () => {
    server = await FlyServer.start(HOSTING_TOKEN);
    const means = new VirtualMeans();
    server.onSilence = means.expire;
    const other: FlyStage['other'] = ({
      organization = ORGANIZATION,
      tenant = TENANT,
      token = HOSTING_TOKEN,
      url: baseUrl = server.url,
    }) => flyMachines(flySettings({ baseUrl, organization, token }), tenant, means);
    given({ server, means, hosting: other({}), other });
  });
  afterEach(() => server.stop());
}
