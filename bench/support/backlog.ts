import { ledger, proposals } from '@countersign/durable-objects/tenant/schema';
import { columnNames } from '@countersign/durable-objects/tenant/storage/rows';
import type { Plane } from '@countersign/serve/start-plane';
import { TENANT } from './names.ts';

/** Rows that one statement makes: D1 ends a statement that takes too long. */
const ROWS_A_STATEMENT = 50_000;
/** D1 takes every number for a fraction. */
const NUMBERS =
  'WITH RECURSIVE n(i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)';

type Expressions = Readonly<Record<string, string>>;

/** Makes copies of the tenant's newest proposal, which must be queued, that wait as it does. */
export async function addQueued(plane: Plane, count: number): Promise<void> {
  await addCopies(plane, 'queue', count, async (first, last, template) => {
    await copyRows(plane, 'ledger', columnNames(ledger), { seq: 'n.i' }, first, last, template);
    await copyRows(plane, 'proposals', columnNames(proposals), COPY, first, last, template);
  });
}

/**
 * Makes copies of it that are held back until tomorrow, in front of all others by their sequence and their time of
 * queueing. What was submitted is left away: it is read only when a job is given out.
 */
export async function addHeldBack(plane: Plane, count: number): Promise<void> {
  const tomorrow = Date.now() + 86_400_000;
  const held = {
    ...COPY,
    lane: "'later'",
    rank: `${tomorrow} + n.i`,
    not_before: `${tomorrow} + n.i`,
    queued_at: '1',
  };
  await addCopies(plane, 'later', count, (first, last, template) =>
    copyRows(plane, 'proposals', columnNames(proposals), held, first, last, template),
  );
}

const COPY: Expressions = {
  seq: 'n.i',
  body_seq: 'n.i',
  proposal_id: "'copy-' || n.i",
  tip_seq: 'n.i',
  remembered: "'[]'",
};

async function addCopies(
  plane: Plane,
  counter: 'queue' | 'later',
  count: number,
  copy: (first: number, last: number, template: number) => Promise<void>,
): Promise<void> {
  const [newest] = await plane.query<{ seq: number }>(
    "SELECT max(seq) AS seq FROM proposals WHERE tenant = ?1 AND lane LIKE 'queue/%' AND proposal_id LIKE 'wrp_%'",
    TENANT,
  );
  const [head] = await plane.query<{ seq: number }>('SELECT seq FROM heads WHERE tenant = ?1', TENANT);
  if (newest === undefined || head === undefined) throw new Error('there is no queued proposal to copy');
  const last = head.seq + count;
  for (let first = head.seq + 1; first <= last; first += ROWS_A_STATEMENT) {
    await copy(first, Math.min(first + ROWS_A_STATEMENT - 1, last), newest.seq);
  }
  // Whatever writes besides the tenant's object moves the head, so that the object reads again.
  await plane.query(
    `UPDATE heads SET turn = turn + 1, nonce = ?2, seq = ?3,
       counters = json_set(counters, '$.${counter}', (counters ->> '$.${counter}') + CAST(?4 AS INTEGER)) WHERE tenant = ?1`,
    TENANT,
    `backlog ${last}`,
    last,
    count,
  );
}

async function copyRows(
  plane: Plane,
  table: 'ledger' | 'proposals',
  columns: readonly string[],
  changed: Expressions,
  first: number,
  last: number,
  template: number,
): Promise<void> {
  const values = columns.map((column) => changed[column] ?? `t.${column}`);
  await plane.query(
    `${NUMBERS} INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} ` +
      `FROM n CROSS JOIN ${table} t WHERE t.tenant = ?3 AND t.seq = ?4`,
    first,
    last,
    TENANT,
    template,
  );
}
