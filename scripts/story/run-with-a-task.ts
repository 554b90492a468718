import { createHash } from 'node:crypto';
import { createCallApi } from '@countersign/client/call-api';
import { type ControlApi, createControlApi } from '@countersign/client/control-api';
import { createRunsApi } from '@countersign/client/runs-api';
import { createWorker } from '@countersign/client/worker/create-worker';
import { artifactsConfigSchema } from '@countersign/runner/artifacts/artifacts-config';
import { openArtifactStore } from '@countersign/runner/artifacts/open-artifact-store';
import { CLERK } from '../stack/local-model.ts';
import type { Cast } from './people.ts';

const INVOICE = 'INV-3012';
const LONGEST_WAIT_S = 20;

/** What an agent does is more than single writes: a command becomes a run, whose task a worker does. */
export async function runWithATask(cast: Cast): Promise<void> {
  const { agentConnection, facts, memory, ownerConnection } = cast;
  facts.chapter('More than one write: a run, its worker, and what it says of itself');
  await steer(createControlApi(createCallApi(ownerConnection)));
  const runs = createRunsApi(createCallApi(agentConnection), agentConnection);
  const { id } = await memory.made('run', async () => {
    const command = {
      command: 'invoice.summarize',
      text: `Say in a few words what ${INVOICE} is about.`,
      tasks: [{ task: 'summarize', input: { invoice: INVOICE } }],
    };
    return (await runs.submit(command, { idempotencyKey: 'story:run' })).run_id;
  });
  const work = new AbortController();
  const worker = clerk(cast).run(work.signal);
  let run = await runs.read(id);
  for (let looks = 0; run.terminal !== true && looks < LONGEST_WAIT_S; looks += 1) {
    run = await runs.read(id, { waitSeconds: 1 });
  }
  work.abort();
  await worker;
  facts.equal(
    'the route sent the task to the clerk, and the arbiter accepted what came',
    run.status,
    'succeeded',
  );
  const artifact = artifactIn(run.steps);
  const text = await storeOf(cast).then((store) => store.get(artifact.location, AbortSignal.timeout(10_000)));
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  facts.equal('what it made lies in the artifact store under its digest', digest, artifact.digest);
  const { text: words } = await runs.explain(id);
  facts.equal(
    'and the run says so, sentence by sentence with the entries of the ledger',
    explains(words),
    true,
  );
}

const ARBITER = {
  rules: [{ when: 'result.words < 3', verdict: 'reject' as const, message: 'that is no summary' }],
};
const ROUTE = { task: 'summarize', handler: CLERK, arbiter: 'says-something' };

/** Whoever governs says who does such tasks, and what is good enough. */
async function steer(control: ControlApi): Promise<void> {
  const inForce = async (kind: 'arbiter' | 'route', name: string, document: Record<string, unknown>) => {
    const { digest } = await control.save(kind, name, document);
    await control.activate(kind, name, digest, 'the story begins');
  };
  await inForce('arbiter', 'says-something', ARBITER);
  await inForce('route', 'summaries', ROUTE);
}

/** A worker in a few lines, as anybody could write it. */
function clerk(cast: Cast) {
  const { customer, stack } = cast;
  return createWorker({
    url: stack.url,
    token: stack.secrets.runnerToken,
    workerId: 'story-clerk',
    version: 'story',
  }).on(CLERK, async ({ input, run_id, task_id }, { signal }) => {
    const invoice = await customer.invoice(String(input.invoice));
    const { late_fee_cents, version } = invoice;
    const text = `${INVOICE} has a late fee of ${late_fee_cents} cents; it was changed ${version - 1} times.\n`;
    const store = await storeOf(cast);
    const bytes = new TextEncoder().encode(text);
    const stored = await store.put(`runs/${run_id}/${task_id}`, bytes, 'text/plain', signal);
    return {
      result: { words: text.split(' ').length },
      artifacts: [{ name: 'summary', media_type: 'text/plain', ...stored }],
    };
  });
}

function storeOf({ stack: { artifacts } }: Cast) {
  return openArtifactStore(artifactsConfigSchema.parse(artifacts.config), artifacts.environment);
}

interface Made {
  readonly location: string;
  readonly digest: string;
}

function artifactIn(steps: unknown): Made {
  const all = Array.isArray(steps) ? (steps as readonly { readonly artifact?: Made | null }[]) : [];
  const artifact = all.find((step) => step.artifact != null)?.artifact;
  if (artifact == null) throw new TypeError('the run made nothing');
  return artifact;
}

function explains(text: string): boolean {
  return /The runner story-clerk completed it, and the arbiter says-something \(version 1\) accepted/.test(
    text,
  );
}
