import type { Asking } from './asking.ts';

/** What is asked about proposals, their jobs and their record. */
export const deciding: readonly Asking[] = [
  {
    args: ['whoami'],
    route: 'GET /v1/control/sessions/self',
    answer: { ok: true, context: { email: 'ada@acme.example', project_id: 'prj_1' } },
    prints: 'ada@acme.example',
  },
  {
    args: ['proposals', 'list', '--status', 'pending_review', '--limit', '2'],
    route: 'GET /v1/proposals',
    query: 'project_id=prj_1&status=pending_review&limit=2',
    answer: { proposals: [{ proposal_id: 'wrp_1', status: 'pending_review', action: 'billing.waive' }] },
    prints: 'billing.waive',
  },
  {
    args: ['proposals', 'explain', 'wrp_1'],
    route: 'GET /v1/proposals/wrp_1',
    answer: { proposal_id: 'wrp_1', status: 'rehearsing', waiting: { why: 'a runner looks', next: 'wait' } },
    prints: 'a runner looks',
  },
  {
    args: ['proposals', 'explain', 'wrp_2'],
    route: 'GET /v1/proposals/wrp_2',
    answer: {
      proposal_id: 'wrp_2',
      status: 'rejected',
      cause: { by: 'rehearsal', message: 'there is no such row', next: 'name a row that is there' },
    },
    prints: 'rejected\nby rule  rehearsal: there is no such row (name a row that is there)\n',
  },
  {
    args: ['proposals', 'propose', 'billing.waive', '--arg', 'id=7', '--arg', 'cents:=7', '--reason', 'r'],
    route: 'POST /v1/proposals',
    body: { capability: 'billing.waive', args: { id: '7', cents: 7 }, reason: 'r' },
    answer: { proposal_id: 'wrp_1', status: 'rehearsing' },
    prints: 'wrp_1  rehearsing',
  },
  {
    args: ['proposals', 'capabilities'],
    route: 'GET /v1/capabilities',
    answer: { capabilities: [{ name: 'billing.waive', description: 'Waive', args: { id: {}, cents: {} } }] },
    prints: 'id, cents',
  },
  {
    args: ['proposals', 'revise', 'wrp_1', '--answer', 'ticket 42', '--arg', 'cents:=3'],
    route: 'POST /v1/proposals/wrp_1/revise',
    body: { answer: 'ticket 42', args: { cents: 3 } },
    answer: { status: 'rehearsing' },
    prints: 'rehearsing',
  },
  {
    args: ['proposals', 'reject', 'wrp_1', '--reason', 'no'],
    route: 'POST /v1/proposals/wrp_1/reject',
    body: { reason: 'no' },
    answer: { status: 'rejected' },
    prints: 'rejected',
  },
  {
    args: ['proposals', 'cancel', 'wrp_1'],
    route: 'POST /v1/proposals/wrp_1/cancel',
    body: {},
    answer: { status: 'canceled' },
    prints: 'canceled',
  },
  {
    args: ['proposals', 'look', 'wrp_1'],
    route: 'POST /v1/proposals/wrp_1/look',
    body: {},
    answer: {},
    prints: 'fresh look',
  },
  {
    args: ['proposals', 'send-back', 'wrp_1', 'Which ticket?'],
    route: 'POST /v1/proposals/wrp_1/send-back',
    body: { question: 'Which ticket?' },
    answer: { status: 'changes_requested' },
    prints: 'changes_requested',
  },
  {
    args: ['jobs', 'requeue', 'wbj_1', '--reason', 'why'],
    route: 'POST /v1/jobs/wbj_1/requeue',
    body: { reason: 'why' },
    answer: {},
    prints: 'queued again',
  },
  {
    args: ['jobs', 'discard', 'wbj_1'],
    route: 'POST /v1/jobs/wbj_1/discard',
    body: {},
    answer: {},
    prints: 'given up',
  },
  {
    args: ['runners', 'list'],
    route: 'GET /v1/runners',
    answer: { runners: [{ runner_id: 'billing-1', status: 'online' }] },
    prints: 'online',
  },
  {
    args: ['search', 'waiver', 'goodwill', '--kind', 'proposal', '--limit', '5'],
    route: 'GET /v1/search',
    query: 'project_id=prj_1&q=waiver+goodwill&kind=proposal&limit=5',
    answer: { results: [{ kind: 'proposal', handle: 'wrp_1', snippet: 'Waive' }] },
    prints: 'Waive',
  },
  {
    args: ['activity', 'list', '--lookup', 'wrp_1', '--from', '2027-01-31', '--limit', '5'],
    route: 'GET /v1/control/projects/prj_1/runner-activity',
    query: 'lookup=wrp_1&from_time=2027-01-31T00%3A00%3A00.000Z&limit=5',
    answer: {
      events: [
        { event_id: 'evt_1', event_type: 'proposal.approved', status: 'approved', proposal_id: 'wrp_1' },
      ],
    },
    prints: 'proposal.approved',
  },
  {
    args: ['exports', 'create', '--source', 'src_1'],
    route: 'POST /v1/control/audit-export',
    body: { filters: { source_id: 'src_1' } },
    answer: { export: { export_id: 'exp_1', status: 'ready', through_seq: 7 } },
    prints: 'exp_1 is ready',
  },
  {
    args: ['exports', 'show', 'exp_1'],
    route: 'GET /v1/control/audit-export/exp_1',
    answer: { export: { export_id: 'exp_1', status: 'ready', through_seq: 7 } },
    prints: 'up to entry',
  },
  {
    args: ['replay', 'wbj_1'],
    route: 'GET /v1/replay/wbj_1',
    answer: {
      steps: [
        {
          seq: 3,
          at: '2026-11-21T10:00:00Z',
          phase: 'proposed',
          type: 't',
          actor: { kind: 'agent', id: 'a' },
        },
      ],
      integrity: { ok: false },
    },
    prints: 'THE CHAIN DOES NOT HOLD',
  },
];
