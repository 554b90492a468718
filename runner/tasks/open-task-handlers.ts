import type { TaskHandler } from '@countersign/client/worker/task-handler';
import { openArtifactStore } from '../artifacts/open-artifact-store.ts';
import { ConfigError } from '../config/config-error.ts';
import type { RunnerConfig } from '../config/runner-config.ts';
import { openModelProviders } from '../models/open-model-providers.ts';
import { modelHandler } from './model-handler.ts';

/** A handler that is built into the runner, as its configuration has it. */
export interface OpenedHandler {
  readonly name: string;
  readonly handle: TaskHandler;
  readonly atOnce: number;
}

/** The handlers that a configuration names. Reads the secrets that they need; throws `ConfigError`. */
export async function openTaskHandlers(
  { artifacts: place, models: providers, tasks }: Pick<RunnerConfig, 'artifacts' | 'models' | 'tasks'>,
  environment = process.env,
): Promise<readonly OpenedHandler[]> {
  if (tasks === undefined) return [];
  if (place === undefined)
    throw new ConfigError(['$.artifacts: is where the handlers of tasks keep answers']);
  const [artifacts, models] = [
    await openArtifactStore(place, environment),
    await openModelProviders(providers, environment),
  ];
  return Object.entries(tasks.handlers).map(([name, usual]) => ({
    name,
    handle: modelHandler({ artifacts, models, usual }),
    atOnce: usual.at_once,
  }));
}
