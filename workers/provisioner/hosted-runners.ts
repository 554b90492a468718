import type { HostingProvider, MachineSpec } from './hosting/hosting-provider.ts';
import type { Saga } from './saga/saga.ts';

/** How runners are hosted here: where, as what, and at whose API. */
export interface HostedRunners {
  /** The provider, for the machines of one tenant. */
  provider(tenant: string): HostingProvider;
  readonly image: string;
  /** The provider's region for each of ours. */
  readonly regions: Readonly<Record<string, string>>;
  readonly usualRegion: string;
  /** Where the runner finds this plane. */
  readonly controlPlaneUrl: string;
}

export const TOKEN_SECRET = 'COUNTERSIGN_RUNNER_TOKEN';
const HEALTH_PORT = 8081;

/** Names at the provider are everybody's: an id of ours is nobody else's. */
export function appName({ tenant }: Pick<Saga, 'tenant'>): string {
  return `countersign-${tenant.toLowerCase().replaceAll('_', '-')}`;
}

export function hostedCredentialId({ tenant }: Pick<Saga, 'tenant'>): string {
  return `rnt_hosted_${tenant.slice('prj_'.length)}`;
}

/** A machine that serves actions and tasks. It gets no database: whoever wants that puts it there themselves. */
export function machineSpec(
  { controlPlaneUrl, image, regions, usualRegion }: HostedRunners,
  { found, tenant }: Saga,
): MachineSpec {
  const configuration = {
    control_plane: { url: controlPlaneUrl, token: { env: TOKEN_SECRET }, project_id: tenant },
    runner_id: 'hosted',
    http: { host: '0.0.0.0', port: HEALTH_PORT },
  };
  return {
    image,
    region: regions[found.region ?? ''] ?? usualRegion,
    size: { cpuKind: 'shared', cpus: 1, memoryMb: 256 },
    environment: {},
    configuration: `${JSON.stringify(configuration, null, 2)}\n`,
    healthPort: HEALTH_PORT,
    secretsVersion: found.secretsVersion ?? 0,
  };
}
