import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { governanceResultsSchema, governanceRows } from './bench-governance.ts';
import { peerResultsSchema, peerRows } from './bench-peers.ts';
import { tenantResultsSchema, tenantRows } from './bench-tenants.ts';
import { rounded, spread, spreadSchema } from './bench-values.ts';
import { markdownTable } from './markdown-table.ts';

const percentilesSchema = z.object({ p50: z.number(), p99: z.number() });
const ratioSchema = z.object({ ratio_spread: spreadSchema });
const rowsSchema = z.object({ rows_by_limit: z.object({ 1: z.number() }) });

/** As far as it is told in the table; `npm run bench` writes more. */
const resultsSchema = peerResultsSchema.extend({
  ...governanceResultsSchema.shape,
  ...tenantResultsSchema.shape,
  taken_at: z.string(),
  machine: z.object({ processors: z.number(), processor: z.string() }),
  control_plane_vs_d1: z.object({
    claims_of_1: z.object({ ratio_to_d1: spreadSchema, ratio_to_rpc: spreadSchema }),
    claims_of_10: z.object({ ratio_to_d1: spreadSchema }),
  }),
  approve_to_applied_ms: percentilesSchema,
  approve_to_applied_vs_floor: percentilesSchema,
  d1_rows: z.object({ written: z.number(), alone: z.object({ written: z.number() }) }),
  claim_rows_read: z.object({ 1000: rowsSchema, 100000: rowsSchema, '1000000_held_back': rowsSchema }),
  runner_vs_pgbench: z.object({ 1: ratioSchema, 8: ratioSchema, 16: ratioSchema }),
  held_polls: z.object({ p99_1000_to_1: z.number() }),
});

/** The last full run of the bench, beside what is aimed at. */
export function benchTable(root: string): string {
  const file = readFileSync(join(root, 'bench/results.json'), 'utf8');
  const results = resultsSchema.parse(JSON.parse(file));
  const { claims_of_1: one, claims_of_10: ten } = results.control_plane_vs_d1;
  const floor = results.approve_to_applied_vs_floor;
  const claim = results.claim_rows_read;
  const pgbench = results.runner_vs_pgbench;
  const rows = [
    ['transitions of one tenant / bare grouped D1 writes, claims of 1', spread(one.ratio_to_d1), '≥ 0.60'],
    ['... claims of 10', spread(ten.ratio_to_d1), '≥ 0.60'],
    ['... / calls to an object that do nothing', spread(one.ratio_to_rpc), '≥ 0.45'],
    [
      'approval to applied / its floor, p50',
      `${rounded(floor.p50)} (${rounded(results.approve_to_applied_ms.p50)} ms)`,
      '≤ 1.5',
    ],
    ['... p99', `${rounded(floor.p99)} (${rounded(results.approve_to_applied_ms.p99)} ms)`, '≤ 3'],
    ['D1 rows written from proposal to result, alone', String(results.d1_rows.alone.written), '≤ 17'],
    ['... with ten in flight', rounded(results.d1_rows.written), '≤ 13'],
    [
      'D1 rows read by a claim: of 1,000 queued, of 100,000, behind 1,000,000 held back',
      [claim[1000], claim[100000], claim['1000000_held_back']].map((at) => at.rows_by_limit[1]).join(', '),
      'flat',
    ],
    ['runner / pgbench with the same statement, 1 connection', spread(pgbench[1].ratio_spread), ''],
    ['... 8 connections', spread(pgbench[8].ratio_spread), '≥ 0.80'],
    ['... 16 connections', spread(pgbench[16].ratio_spread), ''],
    ...peerRows(results),
    ['p99 of a wake with 1,000 polls held / with 1', rounded(results.held_polls.p99_1000_to_1), '≤ 2'],
    ...governanceRows(results),
    ...tenantRows(results),
  ];
  const { processors, processor } = results.machine;
  const when = `Taken on ${results.taken_at.slice(0, 10)} on ${processors} shared cores (${processor}): the median, and the least and most of the rounds.`;
  return `${when}\n\n${markdownTable(['what', 'measured', 'goal'], rows)}`;
}
