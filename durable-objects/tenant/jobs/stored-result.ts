import type { ResultRequest } from '@countersign/protocol/job-requests';

/** What a runner reported and the tenant accepted as the job's outcome. */
export interface StoredResult {
  readonly status: ResultRequest['status'];
  readonly runner_id: string;
  readonly lease_id: string;
  readonly affected_rows: number | null;
  readonly result_version: string | null;
  readonly result_hash: string | null;
  readonly error_code: string | null;
  readonly intent_id: string | null;
  readonly completed_at: string | null;
  readonly at: number;
}
