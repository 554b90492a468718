import type { Asking } from './asking.ts';
import { key, listed, SNAPSHOT_ID, work } from './sample-backups.ts';

/** What is asked about copies of the record, and answered at once. */
export const keepingBackups: readonly Asking[] = [
  {
    args: ['backup', 'create'],
    route: 'POST /v1/backups',
    body: {},
    answer: work,
    prints: `snapshot of ${SNAPSHOT_ID} is begun: it goes on by itself;`,
  },
  {
    args: ['backup', 'prove'],
    route: 'POST /v1/backups/prove',
    body: {},
    answer: { ...work, kind: 'proof' },
    prints: `proof of ${SNAPSHOT_ID} is begun`,
  },
  {
    args: ['backup', 'list'],
    route: 'GET /v1/backups',
    answer: listed,
    prints: 'never: nobody knows yet whether a copy comes back',
  },
  {
    args: ['backup', 'prune'],
    route: 'POST /v1/backups/prune',
    body: {},
    answer: { removed: [SNAPSHOT_ID] },
    prints: `${SNAPSHOT_ID} is removed\n`,
  },
  {
    args: ['backup', 'keys'],
    route: 'GET /v1/backups',
    answer: listed,
    prints: `"x": "${key.x}"`,
  },
];
