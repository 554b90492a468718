import * as z from 'zod';
import { rounded, spread, spreadSchema } from './bench-values.ts';

const ratioSchema = z.object({ ratio_spread: spreadSchema });
const pathSchema = z.object({ whole: ratioSchema, drain: ratioSchema });
const outboxPeerSchema = z.object({ ratio_of_rates: spreadSchema, ratio_of_wakes: spreadSchema });
const mysqlSchema = z.object({ server: z.string(), 1: ratioSchema, 8: ratioSchema, 16: ratioSchema });

/** A machine may lack what a measurement needs; then `not_measured` stands in its place, and the table has no row. */
export function where<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

/** Results against other programs, and what the runner costs. */
export const peerResultsSchema = z.object({
  runner_vs_pgbench_over_network: where(
    z.object({ 8: ratioSchema, 16: ratioSchema, added_round_trip_ms: z.number() }),
  ),
  runner_batched_vs_pgbench: where(z.object({ 10: ratioSchema, 50: ratioSchema })),
  runner_vs_mysql: where(z.object({ mysql: where(mysqlSchema), mariadb: where(mysqlSchema) })),
  runner_cpu: where(
    z.object({ runner_ms_per_thousand: spreadSchema, baseline_ms_per_thousand: spreadSchema }),
  ),
  runner_memory: where(
    z.object({
      rss_mb_by_jobs: z.record(z.string(), z.number()),
      live_heap_mb_by_jobs: z.record(z.string(), z.number()),
    }),
  ),
  path_vs_graphile: where(pathSchema),
  path_vs_pgboss: where(pathSchema),
  outbox_vs_queues: where(
    z.object({
      ours: z.object({ wake_ms: spreadSchema }),
      graphile_worker: outboxPeerSchema,
      pg_boss: outboxPeerSchema,
    }),
  ),
});
type PeerResults = z.infer<typeof peerResultsSchema>;

type Row = readonly [what: string, measured: string, goal: string];

/** The rows of what was measured. */
export function peerRows(results: PeerResults): Row[] {
  return [
    ...networkRows(results),
    ...batchRows(results),
    ...mysqlRows(results),
    ...costRows(results),
    ...pathRows('graphile-worker', results.path_vs_graphile),
    ...pathRows('pg-boss', results.path_vs_pgboss),
    ...outboxRows(results),
  ];
}

function networkRows({ runner_vs_pgbench_over_network: network }: PeerResults): Row[] {
  if (network === undefined) return [];
  const added = rounded(network.added_round_trip_ms);
  return [
    [`... with ${added} ms of network between, 8 connections`, spread(network[8].ratio_spread), '≥ 0.90'],
    ['... 16 connections', spread(network[16].ratio_spread), ''],
  ];
}

function batchRows({ runner_batched_vs_pgbench: batched }: PeerResults): Row[] {
  if (batched === undefined) return [];
  return [
    ['runner, jobs in claims of 10 / pgbench one by one at best', spread(batched[10].ratio_spread), '≥ 3.5'],
    ['... claims of 50', spread(batched[50].ratio_spread), '≥ 6'],
  ];
}

function mysqlRows({ runner_vs_mysql: servers }: PeerResults): Row[] {
  return [servers?.mysql, servers?.mariadb]
    .filter((measured) => measured !== undefined)
    .flatMap((measured): Row[] => [
      [`runner / mysql2 alone, ${measured.server}, 1 connection`, spread(measured[1].ratio_spread), ''],
      ['... 8 connections', spread(measured[8].ratio_spread), '≥ 0.90'],
      ['... 16 connections', spread(measured[16].ratio_spread), '≥ 0.90'],
    ]);
}

function costRows({ runner_cpu: cpu, runner_memory: memory }: PeerResults): Row[] {
  const rows: Row[] = [];
  if (cpu !== undefined) {
    const what = 'processor ms for 1,000 jobs: the runner with its HTTP, and pgbench without';
    const both = [cpu.runner_ms_per_thousand, cpu.baseline_ms_per_thousand].map(({ median }) =>
      rounded(median),
    );
    rows.push([what, both.join(', '), '']);
  }
  if (memory !== undefined) {
    const jobs = Object.keys(memory.rss_mb_by_jobs).map((count) => Number(count).toLocaleString('en-US'));
    const after = `of the runner after ${jobs.join(', ')} jobs`;
    rows.push([`resident MB ${after}`, Object.values(memory.rss_mb_by_jobs).map(rounded).join(', '), 'flat']);
    rows.push([`... MB in use`, Object.values(memory.live_heap_mb_by_jobs).map(rounded).join(', '), 'flat']);
  }
  return rows;
}

function pathRows(name: string, path: z.infer<typeof pathSchema> | undefined): Row[] {
  if (path === undefined) return [];
  return [
    [`changes proposed to applied / ${name} enqueued to done`, spread(path.whole.ratio_spread), '≥ 1.0'],
    ['... only from approved, or enqueued', spread(path.drain.ratio_spread), ''],
  ];
}

function outboxRows({ outbox_vs_queues: outbox }: PeerResults): Row[] {
  if (outbox === undefined) return [];
  const { graphile_worker: graphile, ours, pg_boss: pgboss } = outbox;
  return [
    [
      'webhooks intended to confirmed / graphile-worker enqueued to done',
      spread(graphile.ratio_of_rates),
      '',
    ],
    ['... / pg-boss enqueued to done', spread(pgboss.ratio_of_rates), ''],
    ['ms from intended to received, one alone', spread(ours.wake_ms), ''],
    ['... / graphile-worker', spread(graphile.ratio_of_wakes), ''],
    ['... / pg-boss', spread(pgboss.ratio_of_wakes), ''],
  ];
}
