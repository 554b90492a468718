import { TaskFailed } from '@countersign/client/worker/task-failed';
import type { TaskHandler, TaskOutcome } from '@countersign/client/worker/task-handler';
import type { ClaimedTask } from '@countersign/protocol/run/task';
import { labelSchema } from '@countersign/protocol/values';
import type { ArtifactStore, StoredArtifact } from '../artifacts/artifact-store.ts';
import { ServiceFault } from '../executors/service-fault.ts';
import { reach } from '../failpoints.ts';
import type { Completion, ModelProvider } from '../models/model-provider.ts';
import { modelMessages } from './model-messages.ts';
import type { ModelHandlerConfig } from './tasks-config.ts';

const MEDIA_TYPE = 'text/plain';
/** Longer answers are read from their artifact. */
const LONGEST_SHOWN_TEXT = 2_000;

export interface ModelHandlerOptions {
  readonly usual: Pick<ModelHandlerConfig, 'model' | 'provider'>;
  readonly models: ReadonlyMap<string, ModelProvider>;
  readonly artifacts: ArtifactStore;
}

/**
 * Asks a language model what a task asks, and keeps the answer as an artifact. The route that the task came by has the
 * first word on the provider and the model. Done again it is another question: an equal answer is the same artifact.
 */
export function modelHandler({ artifacts, models, usual }: ModelHandlerOptions): TaskHandler {
  return async (task, { signal }) => {
    // Before anything is paid for.
    const name = artifactNameOf(task);
    const providerName = task.plan.provider ?? usual.provider;
    const provider = models.get(providerName);
    if (provider === undefined) {
      const message = `this runner has no model provider ${providerName}`;
      throw new TaskFailed('provider_not_configured', { message });
    }
    await reach('before_perform');
    const request = { model: task.plan.model ?? usual.model, messages: modelMessages(task) };
    const completion = await orFailure(provider.complete(request, signal));
    await reach('after_perform');
    const bytes = new TextEncoder().encode(completion.text);
    const key = `runs/${task.run_id}/${task.task_id}`;
    const stored = await orFailure(artifacts.put(key, bytes, MEDIA_TYPE, signal));
    await reach('before_confirm');
    return outcomeOf(completion, { name, ...stored });
  };
}

function outcomeOf(
  { finish_reason, model, text, usage }: Completion,
  artifact: StoredArtifact & { readonly name: string },
): TaskOutcome {
  const shown = text.length <= LONGEST_SHOWN_TEXT ? { text } : {};
  return {
    result: { model, finish_reason, ...usage, ...shown },
    artifacts: [{ ...artifact, media_type: MEDIA_TYPE }],
  };
}

function artifactNameOf({ input, task }: ClaimedTask): string {
  const wanted = input.artifact_name;
  if (typeof wanted !== 'string') return task;
  const name = labelSchema.safeParse(wanted);
  if (name.success) return name.data;
  const message = 'input.artifact_name must have 1 to 200 characters';
  throw new TaskFailed('artifact_name_invalid', { message });
}

/** What a service does is the task's failure, with the service's code. */
async function orFailure<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    const { code, message, outcome, retryAfterMs } = error;
    throw new TaskFailed(code, { message, isRetryable: outcome === 'retry', retryAfterMs, cause: error });
  }
}
