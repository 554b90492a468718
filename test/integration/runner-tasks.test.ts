import { createHash } from 'node:crypto';
import { openArtifactStore } from '@countersign/runner/artifacts/open-artifact-store';
import { runnerConfigSchema } from '@countersign/runner/config/runner-config';
import { actionFailpoints } from '@countersign/runner/failpoints';
import {
  chatCompletion,
  FAKE_MODEL_KEY,
  FAKE_MODEL_NAME,
  FakeModel,
} from '@countersign/runner/models/fake-model';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { ObjectStore } from '../../scripts/local/object-store.ts';
import { eventually } from '../support/eventually.ts';
import { must } from '../support/must.ts';
import { useObjectStore } from '../support/object-store.ts';
import { begin, explain, putInForce, readRun, tell } from '../support/run-flow.ts';
import type { RunnerProcess } from '../support/runner-process.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../support/shared-planes.ts';
import type { TestTenant } from '../support/tenant.ts';
import { useRunners } from '../support/use-runners.ts';

/** Tasks on real parts: the control plane, the runner as a process that is killed, a model's HTTP server and a store. */

const LEASE_MS = 61_000;
const PROMPT = 'You write letters to customers.';
const ANSWER = 'Dear customer';
const BUCKET = 'letters';

let plane: SharedClockedPlane;
let store: ObjectStore;
let tenant: TestTenant;
let model: FakeModel;
/** As the parts stand when a test begins. */
let configuration: ReturnType<typeof config>;
const runners = useRunners();

useObjectStore(BUCKET, (started) => {
  store = started;
});

beforeAll(async () => {
  plane = await sharedClockedPlane();
});

beforeEach(async () => {
  [tenant, model] = await Promise.all([plane.tenantWithOwnRows(), FakeModel.start()]);
  await putInForce(tenant.olivia, 'prompt', 'letters', { text: PROMPT });
  await sendTo({});
  configuration = config();
});
afterEach(async () => {
  await runners.kill();
  await model.stop();
});

/** Letters go to the runner's handler, with a change to how. */
function sendTo(change: object) {
  return putInForce(tenant.olivia, 'route', 'letters', {
    task: 'letter',
    handler: 'model',
    prompt: 'letters',
    ...change,
  });
}

function config() {
  return {
    control_plane: { url: plane.origin, token: { env: 'TOKEN' } },
    runner_id: 'runner-1',
    artifacts: {
      endpoint: store.url,
      region: 'auto',
      bucket: BUCKET,
      prefix: 'made/',
      access_key_id: { env: 'STORE_KEY_ID' },
      secret_access_key: { env: 'STORE_SECRET' },
      allow_private: true,
    },
    models: { near: { base_url: model.baseUrl, api_key: { env: 'MODEL_KEY' }, allow_private: true } },
    tasks: { handlers: { model: { kind: 'model', provider: 'near', model: FAKE_MODEL_NAME } } },
  };
}

function secrets() {
  return {
    TOKEN: tenant.runner.token,
    MODEL_KEY: FAKE_MODEL_KEY,
    STORE_KEY_ID: store.accessKeyId,
    STORE_SECRET: store.secretAccessKey,
  };
}

function start(
  more: { readonly failpoint?: string; readonly flags?: readonly string[] } = {},
): RunnerProcess {
  return runners.start(configuration, { secrets: secrets(), ...more });
}

const letter = (change = {}) => begin(tenant.agent, { tasks: [{ task: 'letter', ...change }] });

const runSchema = z.looseObject({
  status: z.string(),
  steps: z.array(
    z.looseObject({
      step_id: z.string(),
      kind: z.string(),
      status: z.string(),
      artifact: z.looseObject({ name: z.string(), location: z.string(), digest: z.string() }).nullable(),
      task: z.looseObject({ attempts: z.int() }).nullable(),
    }),
  ),
});
const run = async (id: string) => runSchema.parse(await readRun(tenant.olivia, id));
const until = (id: string, status: string) =>
  eventually(
    () => run(id),
    (found) => found.status === status,
  );
const task = async (id: string) => {
  const found = (await run(id)).steps.find(({ kind }) => kind === 'task');
  if (found?.task === undefined || found.task === null) throw new TypeError('the run has no task');
  return { ...found, task: found.task };
};
const untilTask = (id: string, is: (found: Awaited<ReturnType<typeof task>>) => boolean) =>
  eventually(() => task(id), is);

/** What lies in the store where a run says that its artifact is; the store itself compares it with its digest. */
async function artifactOf(id: string) {
  const made = (await run(id)).steps.flatMap(({ artifact }) => artifact ?? []);
  const { artifacts: place } = runnerConfigSchema.parse(configuration);
  if (place === undefined) throw new TypeError('there is no store');
  const opened = await openArtifactStore(place, secrets());
  const [first] = made;
  const bytes = await opened.get(first?.location ?? '', AbortSignal.timeout(10_000));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { made, digest, text: new TextDecoder().decode(bytes) };
}

const questions = () => model.provider.requests.map(({ body }) => JSON.parse(body));

describe('a runner with tasks alone', () => {
  test('does one: the answer is an artifact, and the run has its digest', async () => {
    const runner = start();
    const id = await letter({ input: { artifact_name: 'letter-1', about: 'parcel P-1' } });
    await until(id, 'succeeded');
    const { digest, made, text } = await artifactOf(id);
    expect(made).toMatchObject([{ name: 'letter-1', digest, size: ANSWER.length, media_type: 'text/plain' }]);
    expect(text).toBe(ANSWER);
    expect(questions()).toMatchObject([
      { model: FAKE_MODEL_NAME, messages: [{ role: 'system', content: PROMPT }, { role: 'user' }] },
    ]);
    expect(JSON.parse(questions()[0].messages[1].content)).toMatchObject({
      task: 'letter',
      input: { about: 'parcel P-1' },
    });
    runner.process.kill('SIGTERM');
    expect(await runner.exit()).toBe(0);
    for (const secret of [...Object.values(secrets()), PROMPT, ANSWER, 'parcel P-1']) {
      expect(runner.text).not.toContain(secret);
    }
  });

  test('is known, and by the digest of what steers it', async () => {
    start();
    const { digest } = must(await tenant.olivia.get('/v1/control/snapshot')).body;
    const listed = async () => must(await tenant.olivia.get('/v1/runners')).body.runners ?? [];
    const [known] = await eventually(
      listed,
      ([first]) => first !== undefined && 'control_digest' in first && first.control_digest === digest,
    );
    expect(known).toMatchObject({ runner_id: 'runner-1', status: 'online' });
  });

  test('ends by itself when there is nothing left to do, and does first what follows', async () => {
    const tasks = [
      { task: 'letter', key: 'a' },
      { task: 'letter', key: 'b', after: ['a'] },
    ];
    const id = await begin(tenant.agent, { tasks });
    expect(await start({ flags: ['--once'] }).exit()).toBe(0);
    expect(await run(id)).toMatchObject({ status: 'succeeded' });
    const [, second] = questions();
    expect(JSON.parse(second.messages[1].content).parents).toMatchObject([
      { kind: 'task', state: 'succeeded', result: { text: ANSWER } },
    ]);
  });

  test('takes nothing in a dry run', async () => {
    const id = await letter();
    expect(await start({ flags: ['--once', '--dry-run'] }).exit()).toBe(0);
    expect((await task(id)).status).toBe('queued');
  });
});

describe('a route', () => {
  test('that changes sends the next task to another model, in the same process', async () => {
    model.provider.behave = ({ body }) => ({ body: chatCompletion({}, { model: JSON.parse(body).model }) });
    const runner = start();
    await until(await letter(), 'succeeded');
    await sendTo({ model: 'large-2' });
    await until(await letter(), 'succeeded');
    expect(questions().map((question) => question.model)).toEqual([FAKE_MODEL_NAME, 'large-2']);
    const { digest } = must(await tenant.olivia.get('/v1/control/snapshot')).body;
    await eventually(
      async () => runner.lines.filter(({ event }) => event === 'control_taken').map((line) => line.digest),
      (digests) => digests.includes(digest),
    );
  });

  test('that names a provider which the runner does not have ends the task with that', async () => {
    await sendTo({ provider: 'elsewhere' });
    start();
    const id = await letter();
    await until(id, 'failed');
    expect(await explain(tenant.olivia, id)).toContain('(provider_not_configured)');
    expect(questions()).toEqual([]);
  });
});

test('a task that is canceled is stopped where it is done', async () => {
  model.provider.behave = () => 'hang';
  const runner = start();
  const id = await letter();
  await eventually(
    async () => model.provider.requests.length,
    (asked) => asked === 1,
  );
  const { step_id } = await task(id);
  must(await tenant.olivia.post(`/v1/tasks/${step_id}/cancel`, { reason: 'not wanted any more' }));
  expect(await runner.logged('task_lost')).toMatchObject({ code: 'task_canceled', task_id: step_id });
  expect((await task(id)).status).toBe('canceled');
  runner.process.kill('SIGTERM');
  expect(await runner.exit()).toBe(0);
});

test('what is held when the runner must end is given back, and costs no attempt', async () => {
  model.provider.behave = () => 'hang';
  const runner = start();
  const id = await letter({ most_attempts: 1 });
  await eventually(
    async () => model.provider.requests.length,
    (asked) => asked === 1,
  );
  runner.process.kill('SIGTERM');
  await runner.logged('draining');
  runner.process.kill('SIGTERM');
  expect(await runner.exit()).toBe(1);
  expect(runner.lines.find(({ event }) => event === 'task_returned')).toMatchObject({ reason: 'draining' });
  model.behave();
  start();
  await until(id, 'succeeded');
});

describe('a runner that is killed', () => {
  test.each(actionFailpoints)(
    'at %s: the task is done again, and comes to the same artifact',
    async (failpoint) => {
      const id = await letter();
      const lost = start({ failpoint: `${failpoint}:kill` });
      expect(await lost.exit()).toBe('SIGKILL');
      expect(await task(id)).toMatchObject({ status: 'leased' });
      await plane.advance(tenant, LEASE_MS);
      start();
      await until(id, 'succeeded');
      const { digest, made } = await artifactOf(id);
      expect(made).toMatchObject([{ name: 'letter', version: 1, digest }]);
      expect(questions()).toHaveLength(failpoint === 'before_perform' ? 1 : 2);
    },
  );

  test('has its old word refused', async () => {
    const id = await letter();
    const lost = start({ failpoint: 'before_confirm:kill' });
    await lost.exit();
    const { step_id } = await task(id);
    const before = must(await tenant.olivia.get(`/v1/runs/${id}`)).body;
    const claimId = z
      .looseObject({
        entries: z.array(z.looseObject({ body: z.looseObject({ claim_id: z.string().optional() }) })),
      })
      .parse(before)
      .entries.findLast(({ body }) => body.claim_id !== undefined)?.body.claim_id;
    await plane.advance(tenant, LEASE_MS);
    start();
    await until(id, 'succeeded');
    const late = await tell(tenant.runner, 'complete', { task_id: step_id, claim_id: claimId ?? '' });
    expect(late.body.error_code).toBe('claim_expired');
  });
});

test('a provider that is away is tried again, and in the end the run says honestly that it was', async () => {
  await model.stop();
  start();
  const id = await letter({ most_attempts: 2 });
  await untilTask(id, ({ status, task: { attempts } }) => status === 'queued' && attempts === 1);
  await plane.advance(tenant, 60_000);
  await untilTask(id, ({ status }) => status === 'dead_letter');
  await until(id, 'failed');
  const told = await explain(tenant.olivia, id);
  expect(told).toContain(
    'could not do it (connect_failed): "model provider: connect_failed"; it is tried again',
  );
  expect(told).toContain('it ran out of attempts');
  expect(told).not.toContain('127.0.0.1');
});
