import { jobIdOf } from '@countersign/protocol/ids';
import { LEASE_SECONDS } from '@countersign/protocol/job-requests';
import type { Plane } from '@countersign/serve/start-plane';
import type { LeasedJob } from '../../../support/flow.ts';

/** What the plane has on record of a tenant's jobs, read where it lies. */
export class PlaneRecord {
  readonly #plane: Plane;
  readonly #tenant: string;

  constructor(plane: Plane, tenant: string) {
    this.#plane = plane;
    this.#tenant = tenant;
  }

  /** How many leases the ledger tells of behind that entry. */
  leases(behindSeq = 0): Promise<number> {
    return this.#count("ledger WHERE tenant = ?1 AND type = 'job.leased' AND seq > ?2", behindSeq);
  }

  applied(): Promise<number> {
    return this.#count("proposals WHERE tenant = ?1 AND state = 'applied'");
  }

  /** How many changes a runner found done, by the receipt that lay beside the row. */
  foundByReceipt(): Promise<number> {
    return this.#count("proposals WHERE tenant = ?1 AND result ->> 'status' = 'already_applied'");
  }

  /** How many leases last longer than any that was given until then. A renewal leaves no entry. */
  renewedAfter(moment: number): Promise<number> {
    const latest = moment + LEASE_SECONDS.usual * 1_000;
    return this.#count('proposals WHERE tenant = ?1 AND lease_expires_at > ?2', latest);
  }

  /** A job that is leased now. */
  async leasedJob(): Promise<LeasedJob> {
    const [row] = await this.#plane.query<{ proposal_id: string; lease_id: string }>(
      "SELECT proposal_id, lease_id FROM proposals WHERE tenant = ?1 AND job_state = 'leased' LIMIT 1",
      this.#tenant,
    );
    if (row === undefined) throw new Error('no job is leased');
    return { job_id: jobIdOf(row.proposal_id), lease_id: row.lease_id };
  }

  async #count(what: string, ...params: number[]): Promise<number> {
    const [row] = await this.#plane.query<{ count: number }>(
      `SELECT count(*) AS count FROM ${what}`,
      this.#tenant,
      ...params,
    );
    return row?.count ?? 0;
  }
}
