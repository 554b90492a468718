import { projectQuerySchema } from '@countersign/protocol/proposal-requests';
import {
  addStepsSchema,
  cancelSchema,
  claimTasksSchema,
  completeTaskSchema,
  failTaskSchema,
  finishRunSchema,
  listRunsQuerySchema,
  readRunQuerySchema,
  renewTaskSchema,
  returnTaskSchema,
  submitCommandSchema,
} from '@countersign/protocol/run/run-requests';
import { noBody, param, route } from './route.ts';

const RUN = '/v1/runs/:run_id';
const TASK = '/v1/tasks/:task_id';

/** Commands and the runs that they become. */
const runs = [
  route({
    method: 'POST',
    path: '/v1/commands/submit',
    summary: 'Begin a run: the command, its first tasks and the wake-up of their workers, in one.',
    asks: 'submit-command',
    body: submitCommandSchema,
    query: projectQuerySchema,
    ask: ({ body, traceparent }) => ({ type: 'submit-command', request: body, traceparent }),
  }),
  route({
    method: 'GET',
    path: '/v1/runs',
    summary: 'Runs, newest first.',
    asks: 'list-runs',
    body: noBody,
    query: listRunsQuerySchema,
    ask: ({ query }) => ({ type: 'list-runs', query }),
  }),
  route({
    method: 'GET',
    path: RUN,
    summary: 'A run with its steps and its whole verified history; `wait_seconds` waits for a change.',
    asks: 'read-run',
    body: noBody,
    query: readRunQuerySchema,
    ask: ({ params }) => ({ type: 'read-run', runId: param(params, 'run_id') }),
    hold: ({ params, query: { wait_seconds: seconds, after_seq: after } }) =>
      seconds === 0 ? undefined : { kind: 'change', id: param(params, 'run_id'), seconds, after },
  }),
  route({
    method: 'GET',
    path: `${RUN}/explain`,
    summary:
      'What happened in a run and why, in plain words, each sentence with the entries that it stands on.',
    asks: 'explain-run',
    body: noBody,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'explain-run', runId: param(params, 'run_id') }),
  }),
  route({
    method: 'POST',
    path: `${RUN}/steps`,
    summary: 'Add to a run what was read, noted or made, and tasks.',
    asks: 'add-steps',
    body: addStepsSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'add-steps', runId: param(params, 'run_id'), steps: body.steps }),
  }),
  route({
    method: 'POST',
    path: `${RUN}/finish`,
    summary: 'Say that a run is over, and how it ended.',
    asks: 'finish-run',
    body: finishRunSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'finish-run',
      runId: param(params, 'run_id'),
      outcome: body.outcome,
      summary: body.summary ?? null,
    }),
  }),
  route({
    method: 'POST',
    path: `${RUN}/cancel`,
    summary: 'End a run now: its tasks are taken back, and what nobody has decided is withdrawn.',
    asks: 'cancel-run',
    body: cancelSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'cancel-run',
      runId: param(params, 'run_id'),
      reason: body.reason ?? null,
    }),
  }),
];

/** Work for workers: claimed, renewed, and completed under a lease. */
const tasks = [
  route({
    method: 'POST',
    path: '/v1/tasks/claim',
    summary: 'Claim tasks of some handlers; without one waits up to `wait_seconds`.',
    asks: 'claim-tasks',
    body: claimTasksSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'claim-tasks', request: body, waiterId: null }),
    hold: ({ body }) =>
      body.wait_seconds === 0 ? undefined : { kind: 'claim', claim: { type: 'claim-tasks', request: body } },
  }),
  route({
    method: 'POST',
    path: `${TASK}/renew`,
    summary: 'Extend the claim of a task, and say how far it is; a canceled one is refused.',
    asks: 'renew-task',
    body: renewTaskSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'renew-task', taskId: param(params, 'task_id'), request: body }),
  }),
  route({
    method: 'POST',
    path: `${TASK}/complete`,
    summary: 'Say what a task came to, what it made, and what follows.',
    asks: 'complete-task',
    body: completeTaskSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'complete-task', taskId: param(params, 'task_id'), request: body }),
  }),
  route({
    method: 'POST',
    path: `${TASK}/fail`,
    summary: 'Say that a task could not be done, and whether another attempt may do better.',
    asks: 'fail-task',
    body: failTaskSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'fail-task', taskId: param(params, 'task_id'), request: body }),
  }),
  route({
    method: 'POST',
    path: `${TASK}/return`,
    summary: 'Give a task back. It costs no attempt.',
    asks: 'return-task',
    body: returnTaskSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({ type: 'return-task', taskId: param(params, 'task_id'), request: body }),
  }),
  route({
    method: 'POST',
    path: `${TASK}/cancel`,
    summary: 'Take a task back, also from the worker that has it.',
    asks: 'cancel-task',
    body: cancelSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'cancel-task',
      taskId: param(params, 'task_id'),
      reason: body.reason ?? null,
    }),
  }),
];

export const runRoutes = [...runs, ...tasks];
