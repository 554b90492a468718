import type { HostingProvider } from '@countersign/provisioner/hosting/hosting-provider';
import { APP, RUNNER_TOKEN, SECRET_NAME, SPEC } from './fly-samples.ts';

/** Everything that it takes to have a runner, with the machine's id at the end; throws at the first trouble. */
export async function provision(hosting: HostingProvider, spec = SPEC): Promise<string> {
  const app = await hosting.ensureApp(APP);
  if (!app.ok) throw new Error(`ensureApp: ${app.trouble.code}`);
  const secret = await hosting.ensureSecret(APP, SECRET_NAME, RUNNER_TOKEN);
  if (!secret.ok) throw new Error(`ensureSecret: ${secret.trouble.code}`);
  const machine = await hosting.ensureMachine(APP, { ...spec, secretsVersion: secret.secretsVersion });
  if (!machine.ok) throw new Error(`ensureMachine: ${machine.trouble.code}`);
  return machine.machineId;
}
