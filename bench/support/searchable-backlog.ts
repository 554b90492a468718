import { ledger, proposals } from '@countersign/durable-objects/tenant/schema';
import { columnNames } from '@countersign/durable-objects/tenant/storage/rows';
import type { Plane } from '@countersign/serve/start-plane';
import { TENANT } from './names.ts';

/** A parameter stays below a megabyte so. */
const ROWS_A_STATEMENT = 5_000;
const WORDS_A_REASON = 12;

/** What can be looked for among the copies, as it would be typed. */
export const SOUGHT = {
  /** In ten of them. */
  rare: 'zephyr',
  /** In all of them. */
  common: 'overdue',
  /** Both words in all of them; side by side, in this order, in one of a hundred. */
  phrase: '"refund promised"',
} as const;
export const RARE_HITS = 10;

type Expressions = Readonly<Record<string, string>>;

/** Of a value `[seq, reason]`, and the row that is copied. */
const ID = "'copy-' || (e.value ->> 0)";
const ENTRY: Expressions = {
  seq: 'e.value ->> 0',
  subject: ID,
  body:
    `json_set(t.body, '$.proposal_id', ${ID}, '$.reason', e.value ->> 1, ` +
    `'$.change_set.proposal_id', ${ID}, '$.change_set.scope.object_id', 'INV-' || (e.value ->> 0))`,
  hash: "printf('sha256:%064d', e.value ->> 0)",
};
const PROPOSAL: Expressions = {
  seq: 'e.value ->> 0',
  body_seq: 'e.value ->> 0',
  tip_seq: 'e.value ->> 0',
  proposal_id: ID,
  remembered: "'[]'",
};

/** Makes copies of the tenant's newest entry, which must submit a proposal, each with words of its own. */
export async function addSearchable(plane: Plane, count: number): Promise<void> {
  const [head] = await plane.query<{ seq: number; type: string }>(
    'SELECT h.seq, l.type FROM heads h JOIN ledger l ON l.tenant = h.tenant AND l.seq = h.seq WHERE h.tenant = ?1',
    TENANT,
  );
  if (head?.type !== 'proposal.submitted') throw new Error('the newest entry submits no proposal');
  for (let made = 0; made < count; made += ROWS_A_STATEMENT) {
    const rows = Array.from({ length: Math.min(ROWS_A_STATEMENT, count - made) }, (_, place) => [
      head.seq + 1 + made + place,
      reasonOf(made + place, count),
    ]);
    const values = JSON.stringify(rows);
    await copyRows(plane, 'ledger', columnNames(ledger), ENTRY, values, head.seq);
    await copyRows(plane, 'proposals', columnNames(proposals), PROPOSAL, values, head.seq);
  }
  // Whatever writes besides the tenant's object moves the head, so that the object reads again.
  await plane.query(
    `UPDATE heads SET turn = turn + 1, nonce = 'searchable', seq = seq + CAST(?2 AS INTEGER),
       counters = json_set(counters, '$.review', (counters ->> '$.review') + CAST(?2 AS INTEGER)) WHERE tenant = ?1`,
    TENANT,
    count,
  );
}

async function copyRows(
  plane: Plane,
  table: 'ledger' | 'proposals',
  columns: readonly string[],
  changed: Expressions,
  values: string,
  template: number,
): Promise<void> {
  const selected = columns.map((column) => changed[column] ?? `t.${column}`);
  await plane.query(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${selected.join(', ')} ` +
      `FROM json_each(?1) e CROSS JOIN ${table} t WHERE t.tenant = ?2 AND t.seq = ?3`,
    values,
    TENANT,
    template,
  );
}

function reasonOf(place: number, count: number): string {
  const words = Array.from({ length: WORDS_A_REASON }, (_, word) => wordOf(place * WORDS_A_REASON + word));
  words.push(...(place % 100 === 0 ? ['refund', 'promised'] : ['promised', 'refund']));
  if (place % (count / RARE_HITS) === 0) words.push(SOUGHT.rare);
  return words.join(' ');
}

const SYLLABLES = ['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'je', 'ki', 'lo', 'mu', 'na', 'pe', 'ri', 'so', 'tu'];

/** One of some thousand words, the same for the same number. */
function wordOf(number: number): string {
  // A multiplier without a factor in common with the syllables, so that neighbours differ.
  const mixed = (number * 2_654_435_761) % 3_375;
  return [mixed % 15, Math.floor(mixed / 15) % 15, Math.floor(mixed / 225)]
    .map((syllable) => SYLLABLES[syllable])
    .join('');
}
