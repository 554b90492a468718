import type { ClaimedTask } from '@countersign/protocol/run/task';
import { RUNNER } from './flow.ts';
import type { Answer, WireBody } from './http.ts';
import { must } from './must.ts';
import { type Client, HANDLERS } from './tenant.ts';

/** What a test of runs needs to have happened. Each step must succeed. */

export async function submit(client: Client, body: object): Promise<WireBody> {
  return must(await client.post('/v1/commands/submit', { command: 'review', ...body })).body;
}

export async function begin(client: Client, body: object = {}): Promise<string> {
  return String((await submit(client, body)).run_id);
}

export async function readRun(client: Client, runId: string): Promise<WireBody> {
  return must(await client.get(`/v1/runs/${runId}`)).body;
}

export async function explain(client: Client, runId: string): Promise<string> {
  return String(must(await client.get(`/v1/runs/${runId}/explain`)).body.text);
}

export async function claimTasks(client: Client, changes = {}): Promise<readonly ClaimedTask[]> {
  const request = { runner_id: RUNNER, handlers: HANDLERS, limit: 10, ...changes };
  return must(await client.post('/v1/tasks/claim', request)).body.tasks as readonly ClaimedTask[];
}

export async function claimTask(client: Client, changes = {}): Promise<ClaimedTask> {
  const [task] = await claimTasks(client, { limit: 1, ...changes });
  if (task === undefined) throw new TypeError('there was no task to claim');
  return task;
}

type Held = Pick<ClaimedTask, 'task_id' | 'claim_id'>;

/** Says something about a task that is held. */
export function tell(client: Client, verb: string, { claim_id, task_id }: Held, more = {}): Promise<Answer> {
  return client.post(`/v1/tasks/${task_id}/${verb}`, { runner_id: RUNNER, claim_id, ...more });
}

export async function complete(client: Client, task: Held, more = {}): Promise<WireBody> {
  return must(await tell(client, 'complete', task, more)).body;
}

/** Saves a piece of the registry and brings it into force. */
export async function putInForce(
  client: Client,
  kind: string,
  name: string,
  document: object,
): Promise<WireBody> {
  const saved = must(await client.post('/v1/control/registry', { kind, name, document })).body;
  return must(
    await client.post(`/v1/control/registry/${kind}/${name}/activate`, {
      digest: saved.digest,
      reason: 'a test',
    }),
  ).body;
}
