import { type Asking, P } from './asking.ts';

/** What is asked about contracts, policies, rules and people. */
export const governing: readonly Asking[] = [
  {
    args: ['contracts', 'list'],
    route: `GET ${P}/agent-contracts`,
    answer: { contracts: [{ contract_id: 'ctr_1', name: 'billing', status: 'active' }] },
    prints: 'billing',
  },
  {
    args: ['contracts', 'show', 'ctr_1'],
    route: `GET ${P}/agent-contracts/ctr_1`,
    answer: {
      contract: { contract_id: 'ctr_1', active_version_id: 'acv_1' },
      versions: [{ contract_version_id: 'acv_2', digest: 'sha256:2' }],
    },
    prints: 'sha256:2',
  },
  {
    args: ['contracts', 'history', 'ctr_1'],
    route: `GET ${P}/agent-contracts/ctr_1`,
    answer: {
      contract: { contract_id: 'ctr_1', active_version_id: 'acv_1' },
      versions: [{ contract_version_id: 'acv_1', version_number: 1, risk_increasing: true }],
    },
    prints: 'permits more',
  },
  {
    args: ['contracts', 'activate', 'ctr_1', 'acv_2', '--reason', 'why'],
    route: `POST ${P}/agent-contracts/ctr_1/versions/acv_2/activate`,
    body: { reason: 'why' },
    answer: { contract: { active_version_id: 'acv_2' } },
    prints: 'acv_2 is in force',
  },
  {
    args: ['contracts', 'rollback', 'ctr_1', 'acv_1'],
    route: `POST ${P}/agent-contracts/ctr_1/versions/acv_1/rollback`,
    body: {},
    answer: { contract: { active_version_id: 'acv_1' } },
    prints: 'acv_1 is in force',
  },
  {
    args: ['policies', 'list'],
    route: 'GET /v1/policies',
    answer: { policies: [{ name: 'small', status: 'draft', policy: { effect: 'ask', applies_to: ['*'] } }] },
    prints: 'ask',
  },
  {
    args: ['policies', 'show', 'small'],
    route: 'GET /v1/policies/small',
    answer: { policy: { status: 'active', policy: { when: 'patch.a < 3' } } },
    prints: '{\n  "when": "patch.a < 3"\n}',
  },
  {
    args: ['policies', 'diff', 'small'],
    route: 'GET /v1/policies/small',
    answer: {
      policy: { name: 'small', policy: { when: 'patch.a < 3' }, in_force: { when: 'patch.a < 3' } },
    },
    prints: 'small: in force -> newest\nno change\n',
  },
  {
    args: ['policies', 'activate', 'small', '--digest', 'sha256:2', '--reason', 'why'],
    route: 'POST /v1/policies/small/activate',
    body: { digest: 'sha256:2', reason: 'why' },
    answer: {},
    prints: 'in force',
  },
  {
    args: ['policies', 'retire', 'small'],
    route: 'POST /v1/policies/small/retire',
    body: {},
    answer: {},
    prints: 'out of force',
  },
  {
    args: ['policies', 'replay', 'small'],
    route: 'GET /v1/policies/small/replay',
    answer: {
      would_approve: [{ proposal_id: 'wrp_1' }, 'wrp_2'],
      of_these_rejected_by_people: [{ proposal_id: 'wrp_2' }],
    },
    prints: 'would have approved 2\n  wrp_1\n  wrp_2\nof these, people rejected 1\n  wrp_2\n',
  },
  {
    args: ['permission-rules', 'show'],
    route: 'GET /v1/permission-rules',
    answer: { rules: [{ name: 'no-bots', effect: 'deny' }], enforced: true },
    prints: 'enforced',
  },
  {
    args: ['permission-rules', 'enforce', '--reason', 'why'],
    route: 'POST /v1/permission-rules/enforcement',
    body: { on: true, reason: 'why' },
    answer: {},
    prints: 'hold now',
  },
  {
    args: ['permission-rules', 'relax', '--reason', 'why'],
    route: 'POST /v1/permission-rules/enforcement',
    body: { on: false, reason: 'why' },
    answer: {},
    prints: 'hold no more',
  },
  {
    args: ['members', 'list'],
    route: 'GET /v1/members',
    answer: { members: [{ person: 'ada@acme.example', name: 'Ada', roles: ['approver'] }] },
    prints: 'ada@acme.example',
  },
  {
    args: ['members', 'roles', 'iss|ada/1', '--role', 'approver', '--approval-role', 'billing_lead'],
    route: 'POST /v1/members/iss%7Cada%2F1/roles',
    body: { roles: ['approver'], approval_roles: ['billing_lead'] },
    answer: {},
    prints: 'approver, billing_lead',
  },
  {
    args: ['members', 'remove', 'ada', '--reason', 'left'],
    route: 'POST /v1/members/ada/remove',
    body: { reason: 'left' },
    answer: {},
    prints: 'no member',
  },
  {
    args: ['invitations', 'list'],
    route: 'GET /v1/invitations',
    answer: { invitations: [{ invitation_id: 'inv_1', name: 'Ada', status: 'open' }] },
    prints: 'inv_1',
  },
  {
    args: ['invitations', 'revoke', 'inv_1'],
    route: 'POST /v1/invitations/inv_1/revoke',
    body: {},
    answer: {},
    prints: 'no more',
  },
  {
    args: ['claims', 'show'],
    route: 'GET /v1/control/claims-mapping',
    answer: { mappings: [{ issuer: 'https://i', value: 'leads', roles: ['approver'] }] },
    prints: 'leads',
  },
  {
    args: ['projects', 'list'],
    route: 'GET /v1/control/projects',
    answer: { projects: [{ project_id: 'prj_1', name: 'Acme' }] },
    prints: 'Acme',
  },
  {
    args: ['sources', 'list', '--limit', '3'],
    route: 'GET /v1/control/external-sources',
    query: 'project_id=prj_1&limit=3',
    answer: { sources: [{ source_id: 'src_1', engine: 'mysql' }] },
    prints: 'mysql',
  },
];
