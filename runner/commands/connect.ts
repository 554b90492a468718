import { ApiError } from '@countersign/client/api-error';
import { createRunnerApi } from '@countersign/client/runner-api';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { readSecret } from '../config/secret.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { runnerVersion } from '../version.ts';
import { heartbeatOf, registrationOf } from './introduction.ts';

export interface ConnectOptions {
  readonly configPath: string;
  readonly isJson: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * Introduces the runner to the control plane, as `start` will, and asks no database anything. Exit codes: `refused`
 * by the configuration or the control plane, `unreachable`.
 */
export async function connect(options: ConnectOptions): Promise<ExitCode> {
  const { complain, configPath, environment, isJson, print } = options;
  try {
    const config = await loadConfig(configPath);
    const { token, url } = config.control_plane;
    const secret = await readSecret(token, environment);
    const api = createRunnerApi({
      url,
      token: () => secret,
      userAgent: `countersign-runner/${runnerVersion}`,
    });
    const registration = registrationOf(config, Object.keys(config.sources));
    await api.doctor();
    await api.register(registration);
    await api.heartbeat(heartbeatOf(config.runner_id, registration.scope.source_ids, 'online'));
    const { engines, runner_id, runner_version, scope } = registration;
    if (isJson) {
      print(
        `${JSON.stringify({ url, runner_id, runner_version, engines, source_ids: scope.source_ids }, null, 2)}\n`,
      );
    } else {
      const served = `${scope.source_ids.join(', ')} (${engines.join(', ')})`;
      const what = scope.source_ids.length === 0 ? 'without sources' : served;
      print(`${runner_id} ${runner_version} is known to ${url}: ${what}\n`);
    }
    return exitCodes.ok;
  } catch (error) {
    return explain(error, complain);
  }
}

function explain(error: unknown, complain: ConnectOptions['complain']): ExitCode {
  if (error instanceof ConfigError) {
    complain(`${error.faults.join('\n')}\n`);
    return exitCodes.refused;
  }
  if (!(error instanceof ApiError)) throw error;
  const what = error.isRefusal ? 'the control plane refused' : 'the control plane cannot be reached';
  complain(`${what} (${error.code}); \`doctor\` says what to do\n`);
  return error.isRefusal ? exitCodes.refused : exitCodes.unreachable;
}
