import { createRunnerApi, type RunnerApi } from '@countersign/client/runner-api';
import type { RunnerConfig } from '../config/runner-config.ts';
import { readSecret } from '../config/secret.ts';
import { runnerVersion } from '../version.ts';

/** The configured control plane, for a command that asks it a few things. Throws `ConfigError`. */
export async function openControlPlane(
  { control_plane: { token, url } }: RunnerConfig,
  environment: NodeJS.ProcessEnv,
): Promise<RunnerApi> {
  const secret = await readSecret(token, environment);
  return createRunnerApi({ url, token: () => secret, userAgent: `countersign-runner/${runnerVersion}` });
}
