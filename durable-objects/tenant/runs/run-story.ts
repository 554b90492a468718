import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { actions } from '../actions-schema.ts';
import { entryOf } from '../queries/story.ts';
import { runs, steps } from '../runs-schema.ts';
import { credentials, ledger, members, proposals } from '../schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { selectList } from '../storage/rows.ts';

/** Of a longer story the newest: what a person reads, and an answer can carry. */
export const MOST_ENTRIES = 10_000;
/** Of what belongs to a run: each has its own page, where all of it is told. */
const MOST_LINKED_ENTRIES = 20_000;

/** The entries of a run, from the newest back: `story (seq)`. Takes the tenant and the run. */
const STORY =
  'WITH RECURSIVE story (seq, previous, place) AS (' +
  'SELECT l.seq, l.prev_subject_seq, 1 FROM runs r CROSS JOIN ledger l ' +
  'WHERE r.tenant = ?1 AND r.run_id = ?2 AND l.tenant = ?1 AND l.seq = r.tip_seq ' +
  'UNION ALL SELECT l.seq, l.prev_subject_seq, place + 1 FROM story s CROSS JOIN ledger l ' +
  `WHERE l.tenant = ?1 AND l.seq = s.previous AND l.seq < s.seq AND place < ${MOST_ENTRIES}) `;

/** The run's own row, its entries, its steps, and what was asked for. */
export function runStatements(
  tenant: string,
  runId: string,
): readonly [Statement, Statement, Statement, Statement] {
  const params = [tenant, runId];
  return [
    byKey(runs, 'runs', 'run_id', tenant, [runId]),
    {
      sql:
        `${STORY} SELECT ${selectList(ledger, 'l')} FROM story s CROSS JOIN ledger l ` +
        'WHERE l.tenant = ?1 AND l.seq = s.seq ORDER BY l.seq',
      params,
    },
    {
      sql: `SELECT ${selectList(steps, 't')} FROM steps t WHERE t.tenant = ?1 AND t.run_id = ?2 ORDER BY t.number`,
      params,
    },
    {
      sql:
        'SELECT l.body AS body FROM runs r CROSS JOIN ledger l ON l.tenant = r.tenant AND l.seq = r.seq ' +
        'WHERE r.tenant = ?1 AND r.run_id = ?2',
      params,
    },
  ];
}

/**
 * The rows and the entries of the proposals and actions of a run. What an entry holds of values and documents is left
 * out: an explanation says what happened, and links to the rest.
 */
export function linkedStatements(
  tenant: string,
  linked: { readonly proposals: readonly number[]; readonly actions: readonly string[] },
): readonly [Statement, Statement, Statement] {
  const [sequences, ids] = [canonicalJson(linked.proposals), canonicalJson(linked.actions)];
  const tips =
    'SELECT p.tip_seq AS seq FROM json_each(?2) k CROSS JOIN proposals p WHERE p.tenant = ?1 AND p.seq = k.value ' +
    'UNION ALL SELECT a.tip_seq FROM json_each(?3) k CROSS JOIN actions a WHERE a.tenant = ?1 AND a.action_id = k.value';
  const story =
    `WITH RECURSIVE tips (seq) AS (${tips}), story (seq, previous) AS (` +
    'SELECT l.seq, l.prev_subject_seq FROM tips t CROSS JOIN ledger l WHERE l.tenant = ?1 AND l.seq = t.seq ' +
    'UNION ALL SELECT l.seq, l.prev_subject_seq FROM story s CROSS JOIN ledger l ' +
    `WHERE l.tenant = ?1 AND l.seq = s.previous AND l.seq < s.seq LIMIT ${MOST_LINKED_ENTRIES}) `;
  const columns = selectList(ledger, 'l').replace(
    'l.body',
    "json_remove(l.body, '$.change_set', '$.args', '$.input', '$.patch', '$.before', '$.after') AS body",
  );
  return [
    byKey(proposals, 'proposals', 'seq', tenant, linked.proposals),
    byKey(actions, 'actions', 'action_id', tenant, linked.actions),
    {
      sql: `${story} SELECT ${columns} FROM story s CROSS JOIN ledger l WHERE l.tenant = ?1 AND l.seq = s.seq ORDER BY l.seq`,
      params: [tenant, sequences, ids],
    },
  ];
}

export function entriesIn(rows: readonly RawRow[]): readonly LedgerEntry[] {
  return rows.map(entryOf);
}

/** What the people and credentials of a story are called. */
export function nameStatements(
  tenant: string,
  entries: readonly LedgerEntry[],
): readonly [Statement, Statement] {
  const ids = (isPerson: boolean) => [
    ...new Set(entries.flatMap(({ actor }) => ((actor.kind === 'person') === isPerson ? [actor.id] : []))),
  ];
  return [
    byKey(members, 'members', 'person', tenant, ids(true)),
    byKey(credentials, 'credentials', 'credential_id', tenant, ids(false)),
  ];
}

export function namesIn([people = [], tokens = []]: readonly (readonly RawRow[])[]): ReadonlyMap<
  string,
  string
> {
  return new Map([
    ...people.map((raw) => [String(raw.person), String(raw.name)] as const),
    ...tokens.map((raw) => [String(raw.credential_id), String(raw.name)] as const),
  ]);
}
