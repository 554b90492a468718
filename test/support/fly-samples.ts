import type { MachineSpec } from '@countersign/provisioner/hosting/hosting-provider';

/** The organization whose token the server takes. */
export const ORGANIZATION = 'countersign-tests';
export const HOSTING_TOKEN = 'FlyV1 fm2_lJPECAAAAAAAC7Ju,fm2_Topsecret=';
export const RUNNER_TOKEN = 'syn_run_prj_acme.crd_1.Dk3fTopsecret';
export const SECRET_NAME = 'COUNTERSIGN_RUNNER_TOKEN';
export const TENANT = 'prj_acme';
export const APP = 'countersign-acme';

export const SPEC: MachineSpec = {
  image: 'registry.example/countersign-runner@sha256:5615ef42',
  region: 'fra',
  size: { cpuKind: 'shared', cpus: 1, memoryMb: 512 },
  environment: { LOG_LEVEL: 'info' },
  configuration: '{"runner_id":"hosted-1","http":{"host":"0.0.0.0","port":9464}}',
  healthPort: 9464,
  secretsVersion: 1,
};
