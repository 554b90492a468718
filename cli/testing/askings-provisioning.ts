import type { Asking } from './asking.ts';

const step = (name: string, state: string, trouble: string | null = null) => ({
  name,
  state,
  trouble,
  attempts: 1,
  retry_at: null,
});
const done = {
  provisioning_id: 'prv_1',
  project_id: 'prj_1',
  label: 'acme',
  state: 'done',
  revision: 9,
  failure: null,
  steps: [step('reserve_label', 'done'), step('open', 'done')],
};

/** What is asked about projects of one's own. */
export const provisioning: readonly Asking[] = [
  {
    args: ['projects', 'create', 'acme', '--source', 'src_1=postgres:Billing', '--hosted-handler', 'model'],
    route: 'POST /v1/account/projects',
    query: '',
    body: {
      label: 'acme',
      sources: [{ source_id: 'src_1', engine: 'postgres', name: 'Billing' }],
      hosted_runner: { targets: [], handlers: ['model'] },
    },
    answer: done,
    prints: 'acme is ready: prj_1',
  },
  {
    args: ['projects', 'progress', 'acme'],
    route: 'GET /v1/account/projects/acme/progress',
    query: '',
    answer: { ...done, state: 'going', steps: [step('host_app', 'retrying', 'hosting_busy')] },
    prints: '  host_app         retrying (hosting_busy)\n',
  },
  {
    args: ['projects', 'own'],
    route: 'GET /v1/account/projects',
    query: '',
    answer: { projects: [{ project_id: 'prj_1', label: 'acme', status: 'active', region: 'weur' }] },
    prints: 'acme',
  },
];
