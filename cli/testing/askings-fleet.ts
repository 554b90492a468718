import type { Asking } from './asking.ts';

const runner = {
  runner_id: 'billing-1',
  status: 'draining',
  active_leases: { jobs: 2, actions: 0, tasks: 1 },
  safe_to_stop: false,
  drained: { name: 'Otto', reason: 'a new kernel', at: '2026-11-21T10:00:30Z' },
};
const freeze = {
  freeze_id: 'frz_1',
  scope: { kind: 'source', id: 'src_1' },
  is_stop: false,
  reason: 'a migration',
  placed_by_name: 'Otto',
  placed_at: '2026-11-21T10:00:00Z',
  until: '2026-11-21T12:00:00Z',
  state: 'in_force',
};
const placed = {
  freeze,
  server_time: '2026-11-21T10:00:00.000Z',
  no_write_begins_after: '2026-11-21T10:00:10.000Z',
};

/** What is asked about runners, and about what holds work back. */
export const steeringFleet: readonly Asking[] = [
  {
    args: ['fleet', 'runners', '--limit', '2'],
    route: 'GET /v1/runners',
    query: 'project_id=prj_1&limit=2',
    answer: { runners: [runner] },
    prints: 'billing-1',
  },
  {
    args: ['fleet', 'history'],
    route: 'GET /v1/engine/history',
    answer: {
      entries: 9,
      since: '2026-11-21T10:00:00.000Z',
      until: '2026-11-21T10:02:00.000Z',
      pieces: 2,
      applies: { applied: [3, 0], conflict: [0, 1], failed: [0, 1], other: [0, 1] },
      queue_seconds: { median: [0.1, null], longest: [0.25, null] },
      decision_seconds: { median: [61, null], longest: [90.4, null] },
      lapses: { changes: [0, 1], actions: [0, 0], tasks: [0, 2] },
    },
    prints: '2026-11-21T10:01:00  0        1         2       -      -         3\n',
  },
  {
    args: ['fleet', 'show', 'billing-1'],
    route: 'GET /v1/runners/billing-1',
    answer: { runner },
    prints: 'holds         2 jobs, 1 task\nsafe to stop  no\n',
  },
  {
    args: ['fleet', 'drain', 'billing-1', '--reason', 'a new kernel'],
    route: 'POST /v1/runners/billing-1/drain',
    body: { reason: 'a new kernel', undo: false },
    answer: {},
    prints: 'billing-1 is out of service',
  },
  {
    args: ['fleet', 'drain', 'billing-1', '--undo'],
    route: 'POST /v1/runners/billing-1/drain',
    body: { undo: true },
    answer: {},
    prints: 'billing-1 is back in service\n',
  },
  {
    args: ['fleet', 'archive', 'billing-1'],
    route: 'POST /v1/runners/billing-1/archive',
    body: {},
    answer: {},
    prints: 'billing-1 is archived\n',
  },
  {
    args: ['limits', 'list'],
    route: 'GET /v1/limits',
    answer: { limits: [{ name: 'open_proposals', used: 80, limit: 100, neared_at: '2026-11-21T10:00:00Z' }] },
    prints: 'open_proposals  80    100  2026-11-21 10:00Z  -',
  },
  {
    args: ['fleet', 'freezes'],
    route: 'GET /v1/freezes',
    answer: { is_stopped: false, freezes: [freeze] },
    prints: 'a migration',
  },
  {
    args: ['fleet', 'freeze', 'source', 'src_1', '--reason', 'r', '--until', '2026-11-21T12:00:00Z'],
    route: 'POST /v1/freezes',
    body: { scope: { kind: 'source', id: 'src_1' }, reason: 'r', until: '2026-11-21T12:00:00.000Z' },
    answer: placed,
    prints: 'it ends at 2026-11-21T12:00:00Z, 2h from now\n',
  },
  {
    args: ['fleet', 'freeze', 'project', '--reason', 'r'],
    route: 'POST /v1/freezes',
    body: { scope: { kind: 'project' }, reason: 'r' },
    answer: { ...placed, freeze: { ...freeze, scope: { kind: 'project' }, until: null } },
    prints: 'frozen: all work\n',
  },
  {
    args: ['fleet', 'freeze', 'agent', 'crd_1', '--reason', 'r'],
    route: 'POST /v1/freezes',
    body: { scope: { kind: 'agent', id: 'crd_1' }, reason: 'r' },
    answer: { ...placed, freeze: { ...freeze, scope: { kind: 'agent', id: 'crd_1' } } },
    prints: 'its rehearsals and tasks go on',
  },
  {
    args: ['fleet', 'stop', '--reason', 'r'],
    route: 'POST /v1/stop',
    body: { reason: 'r' },
    answer: { ...placed, freeze: { ...freeze, scope: { kind: 'project' }, is_stop: true, until: null } },
    prints: 'STOPPED: all work\nno write of it begins after 2026-11-21T10:00:10.000Z, 10s from now;',
  },
  {
    args: ['fleet', 'stop', '--instance', 'billing-1', '--reason', 'r'],
    route: 'POST /v1/stop',
    body: { reason: 'r', runner_id: 'billing-1' },
    answer: { ...placed, freeze: { ...freeze, scope: { kind: 'runner', id: 'billing-1' }, is_stop: true } },
    prints: 'STOPPED: runner billing-1\n',
  },
];
