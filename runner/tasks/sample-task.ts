import type { ClaimedTask } from '@countersign/protocol/run/task';

/** For tests: a task as the control plane hands it out. */
export const sampleTask: ClaimedTask = {
  task_id: 'stp_1',
  run_id: 'run_1',
  claim_id: 'tcl_1',
  attempt: 1,
  task: 'summarize',
  title: 'The weekly report',
  command: 'report',
  input: { week: 47 },
  parents: [],
  plan: {
    handler: 'model',
    route: null,
    provider: null,
    model: null,
    prompt: null,
    skills: [],
    tools: [],
    arbiter: null,
    snapshot: `sha256:${'a'.repeat(64)}`,
  },
  documents: { prompt: null, skills: [], tools: [] },
  expires_at: '2026-11-20T12:01:00.000Z',
};
