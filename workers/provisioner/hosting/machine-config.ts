import { Buffer } from 'node:buffer';
import { digest } from '@countersign/protocol/canonical-json';
import type { MachineSpec } from './hosting-provider.ts';
import { machineMarks } from './tenant-mark.ts';

/** Where the runner's image looks for it (runner/deploy/Dockerfile). */
const CONFIGURATION_PATH = '/etc/countersign/runner.json';
/** The image runs as nobody in particular. */
const READABLE_BY_ALL = 0o444;

/** Paths of the runner by the names of the machine's checks. */
export const CHECKS = { alive: '/healthz', ready: '/readyz' } as const;

/** The first SIGTERM drains the runner; writes under way, and their reports, get this long. */
export const STOP = { signal: 'SIGTERM', timeout: '30s' } as const;

/** What our tokens begin with, so that it is found wherever it should not be. */
const OUR_SECRETS = /syn_[a-z]+_/;

/** Whether a token of ours stands where everybody may read it who may look at the machine. */
export function tellsSecret({ configuration, environment }: MachineSpec): boolean {
  return [configuration, ...Object.values(environment)].some((text) => OUR_SECRETS.test(text));
}

/** What changes when the machine has to be brought to another spec. Not the region: a machine stays where it is. */
export function digestOf({ region: _, ...rest }: MachineSpec): string {
  return digest(rest);
}

/**
 * The machine's `config` (fly.io/docs/machines/api/machines-resource, "Machine config object properties"). It has no
 * `services`, so nothing reaches the machine from outside ("Notes on networking" of that page).
 */
export function machineConfig(spec: MachineSpec, tenant: string): object {
  const { configuration, environment, healthPort, image, size } = spec;
  return {
    image,
    guest: { cpu_kind: size.cpuKind, cpus: size.cpus, memory_mb: size.memoryMb },
    env: environment,
    files: [
      {
        guest_path: CONFIGURATION_PATH,
        raw_value: Buffer.from(configuration).toString('base64'),
        mode: READABLE_BY_ALL,
      },
    ],
    // For what is always on and has no services, whatever its exit code was (.../guides-examples/machine-restart-policy).
    restart: { policy: 'always' },
    auto_destroy: false,
    stop_config: STOP,
    checks: { alive: check(healthPort, CHECKS.alive), ready: check(healthPort, CHECKS.ready) },
    metadata: machineMarks(tenant, digestOf(spec)),
  };
}

/** Only for whoever looks: a failing check of this kind neither restarts nor stops a machine (fly.io/docs/reference/health-checks). */
function check(port: number, path: string): object {
  return {
    type: 'http',
    protocol: 'http',
    method: 'GET',
    port,
    path,
    interval: '15s',
    timeout: '5s',
    grace_period: '5s',
  };
}
