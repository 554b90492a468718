import { proposal } from '../../../support/change-set.ts';
import { must } from '../../../support/must.ts';
import type { TestTenant } from '../../../support/tenant.ts';
import type { StopDrillOptions } from '../options.ts';
import { FIRST_VERSION, TENANT } from './drill-shop.ts';

/** A change of one column of one row. */
export interface DrillJob {
  readonly source: string;
  readonly row: string;
  readonly column: string;
}

/** A runner writes four changes of one column in one statement; so few go each alone, and take each their time. */
const MOST_OF_A_COLUMN = 3;
/** As many as the plane can use on a machine of two cores. */
const AT_ONCE = 16;

/** The jobs of each source, all of them of different rows. */
export function drillJobs({ jobs, sources }: StopDrillOptions): readonly DrillJob[] {
  return Array.from({ length: sources }, (_, source) =>
    Array.from({ length: jobs }, (_each, place) => jobAt(source, place)),
  ).flat();
}

/** One more, of the first source. */
export function lateJobOf({ jobs }: StopDrillOptions): DrillJob {
  return jobAt(0, jobs);
}

function jobAt(source: number, place: number): DrillJob {
  return {
    source: `src_drill_${source + 1}`,
    row: `INV-${source + 1}-${place + 1}`,
    column: `charge_${Math.floor(place / MOST_OF_A_COLUMN) + 1}`,
  };
}

/** What is proposed of a column. */
export function capabilityOf(column: string): string {
  return `drill.waive_${column}`;
}

/** Has them proposed and approved; the ids of the proposals, in no order. */
export async function approveJobs(tenant: TestTenant, jobs: readonly DrillJob[]): Promise<readonly string[]> {
  const waiting = [...jobs];
  const ids: string[] = [];
  const slot = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift())
      ids.push(await approveJob(tenant, job));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, slot));
  return ids;
}

async function approveJob(tenant: TestTenant, job: DrillJob): Promise<string> {
  const { body } = must(await tenant.service.post('/v1/proposals', proposalOf(job)));
  must(await tenant.ada.post(`/v1/proposals/${body.proposal_id}/approve`));
  return String(body.proposal_id);
}

/** The body of its proposal. */
export function proposalOf({ column, row, source }: DrillJob) {
  return proposal(
    {
      action: capabilityOf(column),
      scope: { tenant_id: TENANT, business_object: 'invoice', object_id: row },
      source: {
        kind: 'external_postgres',
        source_id: source,
        schema: 'public',
        table: 'invoices',
        primary_key: { column: 'id', value: row },
      },
      before: { [column]: 5_500 },
      patch: { [column]: 0 },
      after: { [column]: 0 },
      guards: {
        tenant: { column: 'tenant_id', value: TENANT },
        allowed_columns: [column],
        expected_version: { column: 'version', value: FIRST_VERSION },
      },
    },
    { source_id: source },
  );
}
