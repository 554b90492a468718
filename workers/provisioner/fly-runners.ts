import type { HostedRunners } from './hosted-runners.ts';
import { flyMachines } from './hosting/fly-machines.ts';
import { flySettings } from './hosting/fly-settings.ts';
import type { ProvisionerSettings } from './settings.ts';

/** Runners on the Fly Machines API. Throws `BadHostingSettings` without a value in it. */
export function flyRunners(
  hosting: NonNullable<ProvisionerSettings['hosting']>,
  token: string | undefined,
): HostedRunners {
  const { base_url: baseUrl, control_plane_url, image, organization, regions, usual_region } = hosting;
  const settings = flySettings({ baseUrl, organization, token });
  const means = {
    fetch: (url: string, request: RequestInit) => fetch(url, request),
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: (milliseconds: number) => scheduler.wait(milliseconds),
    deadline: (milliseconds: number) => AbortSignal.timeout(milliseconds),
  };
  return {
    provider: (tenant) => flyMachines(settings, tenant, means),
    image,
    regions,
    usualRegion: usual_region,
    controlPlaneUrl: control_plane_url,
  };
}
