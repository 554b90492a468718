import type { Asking } from './asking.ts';

const run = { run_id: 'run_1', command: 'review', status: 'open', steps_total: 2, steps_open: 1 };
const steps = [
  {
    step_id: 'stp_1',
    number: 1,
    kind: 'task',
    status: 'leased',
    after: [],
    task: { task: 'collect', attempts: 1, claim: { runner_id: 'west-1' }, progress: { percent: 40 } },
  },
  { step_id: 'stp_2', number: 2, kind: 'task', status: 'waiting', after: ['stp_1'], task: { task: 'echo' } },
];

/** What is asked about runs and their steps. */
export const running: readonly Asking[] = [
  {
    args: ['runs', 'submit', 'review', '--text', 'those of March', '--task', 'collect', '--task', 'echo'],
    route: 'POST /v1/commands/submit',
    body: { command: 'review', text: 'those of March', tasks: [{ task: 'collect' }, { task: 'echo' }] },
    answer: { run_id: 'run_1', status: 'open', step_ids: ['stp_1', 'stp_2'] },
    prints: 'run_1  open\n',
  },
  {
    args: ['runs', 'list', '--state', 'open', '--limit', '3'],
    route: 'GET /v1/runs',
    query: 'project_id=prj_1&state=open&limit=3',
    answer: { runs: [run] },
    prints: 'review',
  },
  {
    args: ['runs', 'show', 'run_1'],
    route: 'GET /v1/runs/run_1',
    answer: { ...run, steps, integrity: { ok: false } },
    prints: 'THE CHAIN DOES NOT HOLD',
  },
  {
    args: ['runs', 'watch', 'run_1'],
    route: 'GET /v1/runs/run_1',
    answer: { ...run, status: 'succeeded', cause: { message: 'all is well' }, steps },
    prints:
      'step 1: task collect, leased: west-1, 40 %\nstep 2: task echo, waiting: step 1\nsucceeded: all is well\n',
  },
  {
    args: ['runs', 'explain', 'run_1'],
    route: 'GET /v1/runs/run_1/explain',
    answer: { summary: 'It is open.', text: 'It is open.\n\nHow it began\n- Bo\u001bt asked. [1]\n' },
    prints: 'It is open.\n\nHow it began\n- Bo\\u{1b}t asked. [1]\n',
  },
  {
    args: ['runs', 'finish', 'run_1', '--outcome', 'failed', '--summary', 'no such month'],
    route: 'POST /v1/runs/run_1/finish',
    body: { outcome: 'failed', summary: 'no such month' },
    answer: {},
    prints: 'failed',
  },
  {
    args: ['runs', 'cancel', 'run_1', '--reason', 'why'],
    route: 'POST /v1/runs/run_1/cancel',
    body: { reason: 'why' },
    answer: {},
    prints: 'canceled',
  },
  {
    args: ['runs', 'cancel-task', 'stp_1'],
    route: 'POST /v1/tasks/stp_1/cancel',
    body: {},
    answer: {},
    prints: 'canceled',
  },
];
