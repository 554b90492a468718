import { createHash } from 'node:crypto';
import { TaskFailed } from '@countersign/client/worker/task-failed';
import type { ClaimedTask } from '@countersign/protocol/run/task';
import { describe, expect, test } from 'vitest';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { ServiceFault } from '../executors/service-fault.ts';
import type { CompletionRequest, ModelProvider } from '../models/model-provider.ts';
import { modelHandler } from './model-handler.ts';
import { sampleTask } from './sample-task.ts';

interface World {
  readonly text?: string;
  readonly fault?: ServiceFault;
  readonly storeFault?: ServiceFault;
}

/** What is done with a task, and what was asked and kept for it. */
async function handled(task: ClaimedTask, { fault, storeFault, text = 'Dear customer' }: World = {}) {
  const asked: (CompletionRequest & { readonly by: string })[] = [];
  const kept = new Map<string, string>();
  const provider = (by: string): ModelProvider => ({
    complete: async (request) => {
      asked.push({ ...request, by });
      if (fault !== undefined) throw fault;
      const usage = { input_tokens: 19, output_tokens: 10 };
      return { text, model: 'small-1-2026', finish_reason: 'stop', usage };
    },
  });
  const artifacts: ArtifactStore = {
    put: async (key, bytes, contentType) => {
      if (storeFault !== undefined) throw storeFault;
      kept.set(`${key} ${contentType}`, new TextDecoder().decode(bytes));
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      return { location: `s3://bucket/${key}`, digest, size: bytes.byteLength };
    },
    get: () => Promise.reject(new Error('nobody reads here')),
  };
  const models = new Map([
    ['usual', provider('usual')],
    ['other', provider('other')],
  ]);
  const handle = modelHandler({ usual: { provider: 'usual', model: 'small-1' }, models, artifacts });
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const outcome = await Promise.resolve(handle(task, context)).catch((error: unknown) => error);
  return { outcome, asked, kept };
}

describe('a task for a model', () => {
  test('is asked of the configured model, and its answer is kept as an artifact', async () => {
    const { asked, kept, outcome } = await handled(sampleTask, { text: 'Grüße' });
    expect(asked).toMatchObject([{ by: 'usual', model: 'small-1' }]);
    expect(kept).toEqual(new Map([['runs/run_1/stp_1 text/plain', 'Grüße']]));
    expect(outcome).toEqual({
      result: {
        model: 'small-1-2026',
        finish_reason: 'stop',
        input_tokens: 19,
        output_tokens: 10,
        text: 'Grüße',
      },
      artifacts: [
        {
          name: 'summarize',
          location: 's3://bucket/runs/run_1/stp_1',
          digest: `sha256:${createHash('sha256').update('Grüße').digest('hex')}`,
          size: 7,
          media_type: 'text/plain',
        },
      ],
    });
  });

  test('is asked of whom its route names', async () => {
    const plan = { ...sampleTask.plan, provider: 'other', model: 'large-2' };
    const { asked } = await handled({ ...sampleTask, plan });
    expect(asked).toMatchObject([{ by: 'other', model: 'large-2' }]);
  });

  test('has its answer in the result only when that is short', async () => {
    const short = await handled(sampleTask, { text: 'x'.repeat(2_000) });
    expect(short.outcome).toHaveProperty('result.text', 'x'.repeat(2_000));
    const long = await handled(sampleTask, { text: 'x'.repeat(2_001) });
    expect(long.outcome).not.toHaveProperty('result.text');
    expect(long.outcome).toHaveProperty('artifacts.0.size', 2_001);
  });

  test('may say how its artifact is called', async () => {
    const { outcome } = await handled({ ...sampleTask, input: { artifact_name: 'report-47' } });
    expect(outcome).toHaveProperty('artifacts.0.name', 'report-47');
    const other = await handled({ ...sampleTask, input: { artifact_name: 47 } });
    expect(other.outcome).toHaveProperty('artifacts.0.name', 'summarize');
  });
});

describe('a task for a model fails', () => {
  const failure = (outcome: unknown) => {
    if (!(outcome instanceof TaskFailed)) throw new TypeError(`no failure: ${String(outcome)}`);
    const { code, isRetryable, retryAfterMs, told } = outcome;
    return { code, isRetryable, retryAfterMs, told };
  };

  test('for good where its route names a provider that this runner does not have', async () => {
    const plan = { ...sampleTask.plan, provider: 'elsewhere' };
    const { asked, outcome } = await handled({ ...sampleTask, plan });
    expect(failure(outcome)).toEqual({
      code: 'provider_not_configured',
      isRetryable: false,
      retryAfterMs: undefined,
      told: 'this runner has no model provider elsewhere',
    });
    expect(asked).toEqual([]);
  });

  test('for good, and before anything is asked, where its artifact could not be called so', async () => {
    const { asked, outcome } = await handled({ ...sampleTask, input: { artifact_name: '' } });
    expect(failure(outcome)).toMatchObject({ code: 'artifact_name_invalid', isRetryable: false });
    expect(asked).toEqual([]);
  });

  test('with the code of whom it asked, and is tried again where that may help', async () => {
    const fault = new ServiceFault('model provider', {
      outcome: 'retry',
      code: 'rate_limit_exceeded',
      retryAfterMs: 7_000,
    });
    const { kept, outcome } = await handled(sampleTask, { fault });
    expect(failure(outcome)).toEqual({
      code: 'rate_limit_exceeded',
      isRetryable: true,
      retryAfterMs: 7_000,
      told: 'model provider: rate_limit_exceeded',
    });
    expect(kept.size).toBe(0);
  });

  test('with the code of the store', async () => {
    const storeFault = new ServiceFault('artifact store', { outcome: 'failed', code: 'NoSuchBucket' });
    const { outcome } = await handled(sampleTask, { storeFault });
    expect(failure(outcome)).toMatchObject({ code: 'NoSuchBucket', isRetryable: false });
  });
});
