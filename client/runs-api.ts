import type {
  addStepsSchema,
  finishRunSchema,
  RunState,
  submitCommandSchema,
} from '@countersign/protocol/run/run-requests';
import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import { type CallOptions, type Connection, call, type WriteOptions } from './http.ts';

const SPARE_MS = 15_000;

const submittedSchema = z.looseObject({
  run_id: z.string(),
  status: z.string(),
  /** Of the first tasks, in the order in which they were given. */
  step_ids: z.array(z.string()),
});
export type SubmittedRun = z.infer<typeof submittedSchema>;

const runSchema = z.looseObject({
  run_id: z.string(),
  status: z.string(),
  terminal: z.boolean().nullish(),
  ledger_seq: z.number().nullish(),
});
export type RunView = z.infer<typeof runSchema>;
const pageSchema = z.looseObject({ runs: z.array(runSchema), ...nextCursor });

const explanationSchema = z.looseObject({
  summary: z.string(),
  /** All of it as lines of plain text; `[12]` names an entry of the ledger. */
  text: z.string(),
});
export type RunExplanation = z.infer<typeof explanationSchema>;

const addedSchema = z.looseObject({ step_ids: z.array(z.string()) });

export interface RunFilter extends Page {
  readonly state?: RunState | undefined;
}
export interface RunWaitOptions extends CallOptions {
  /** Hold the answer until something changes after ledger sequence `after`, this long at most. */
  readonly waitSeconds?: number | undefined;
  readonly after?: number | undefined;
}
type NewRun = z.input<typeof submitCommandSchema>;
type NewSteps = z.input<typeof addStepsSchema>['steps'];
type Outcome = z.input<typeof finishRunSchema>['outcome'];

/** Commands, the runs that they become, and their steps. Every method throws `ApiError`. */
export interface RunsApi {
  submit(run: NewRun, options?: WriteOptions): Promise<SubmittedRun>;
  list(filter?: RunFilter, options?: CallOptions): Promise<z.infer<typeof pageSchema>>;
  read(runId: string, options?: RunWaitOptions): Promise<RunView>;
  /** What happened and why, in plain words. */
  explain(runId: string, options?: CallOptions): Promise<RunExplanation>;
  addSteps(runId: string, steps: NewSteps, options?: WriteOptions): Promise<z.infer<typeof addedSchema>>;
  /** Says that a run is over of which no step is open. */
  finish(runId: string, outcome: Outcome, summary?: string, options?: WriteOptions): Promise<View>;
  /** Ends a run now, and what of it nobody has decided. */
  cancel(runId: string, reason?: string, options?: WriteOptions): Promise<View>;
  cancelTask(taskId: string, reason?: string, options?: WriteOptions): Promise<View>;
}

export function createRunsApi({ get, post }: CallApi, connection: Connection): RunsApi {
  return {
    submit: (run, options) => post('/v1/commands/submit', run, submittedSchema, options),
    list: (filter = {}, options) => get('/v1/runs', pageSchema, options, { ...filter }),
    read: (id, { waitSeconds = 0, after, ...options } = {}) =>
      call(connection, {
        method: 'GET',
        path: path`/v1/runs/${id}`,
        query: { wait_seconds: waitSeconds === 0 ? undefined : waitSeconds, after_seq: after },
        timeoutMs: waitSeconds * 1_000 + SPARE_MS,
        answer: runSchema,
        ...options,
      }),
    explain: (id, options) => get(path`/v1/runs/${id}/explain`, explanationSchema, options),
    addSteps: (id, steps, options) => post(path`/v1/runs/${id}/steps`, { steps }, addedSchema, options),
    finish: (id, outcome, summary, options) =>
      post(path`/v1/runs/${id}/finish`, { outcome, summary }, viewSchema, options),
    cancel: (id, reason, options) => post(path`/v1/runs/${id}/cancel`, { reason }, viewSchema, options),
    cancelTask: (id, reason, options) => post(path`/v1/tasks/${id}/cancel`, { reason }, viewSchema, options),
  };
}
