import { digest } from '@countersign/protocol/canonical-json';
import type { Asking } from './asking.ts';

const document = { task: '*', priority: 100, handler: 'model', skills: [], tools: [] };
const piece = {
  kind: 'route',
  name: 'all',
  status: 'active',
  active_version: 1,
  newest_version: 1,
  versions: [{ version: 1, digest: digest(document), document }],
};

/** What is asked about the registry. */
export const steering: readonly Asking[] = [
  {
    args: ['registry', 'list'],
    route: 'GET /v1/control/registry',
    answer: { pieces: [piece] },
    prints: 'route',
  },
  {
    args: ['registry', 'show', 'route', 'all'],
    route: 'GET /v1/control/registry/route/all',
    answer: piece,
    prints: '"handler": "model"',
  },
  {
    args: ['registry', 'show', 'route', 'all', '--version', '1'],
    route: 'GET /v1/control/registry/route/all',
    answer: piece,
    prints: '{\n  "task": "*",',
  },
  {
    args: ['registry', 'diff', 'route', 'all'],
    route: 'GET /v1/control/registry/route/all',
    answer: piece,
    prints: 'route all: version 1 (in force) -> version 1 (in force)\nno change\n',
  },
  {
    args: ['registry', 'retire', 'route', 'all', '--reason', 'why'],
    route: 'POST /v1/control/registry/route/all/retire',
    body: { reason: 'why' },
    answer: { status: 'retired', revision: 3 },
    prints: 'route all is out of force; revision 3\n',
  },
  {
    args: ['registry', 'snapshot'],
    route: 'GET /v1/control/snapshot',
    answer: {
      revision: 2,
      digest: 'sha256:s',
      pieces: [{ ...piece, version: 1, digest: 'sha256:1', document }],
    },
    prints: 'digest    sha256:s\n',
  },
  {
    args: ['registry', 'changes', '--limit', '2'],
    route: 'GET /v1/control/changes',
    query: 'project_id=prj_1&limit=2',
    answer: {
      changes: [
        {
          revision: 2,
          type: 'control.activated',
          subject: 'control/route/all',
          actor: { kind: 'person', id: 'ada' },
          reason: 'agreed',
          at: '2026-01-01T00:00:00Z',
        },
      ],
    },
    prints: 'person ada',
  },
];
