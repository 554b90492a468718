/**
 * The transitions of DESIGN 5 that a campaign must take, as far as their states exist, written as the fold counts
 * them. `none` is before the first entry.
 */
export const expectedTransitions = [
  'proposal none -> pending_review',
  'proposal pending_review -> approved',
  'proposal pending_review -> rejected',
  'proposal pending_review -> canceled',
  'proposal pending_review -> expired',
  'proposal approved -> applied',
  'proposal approved -> conflict',
  'proposal approved -> failed',
  'proposal approved -> canceled',
  'proposal approved -> indeterminate',
  'job none -> queued',
  'job queued -> leased',
  'job queued -> canceled',
  'job leased -> queued',
  'job leased -> applied',
  'job leased -> already_applied',
  'job leased -> conflict',
  'job leased -> failed',
  'job leased -> canceled',
  'job leased -> reconciliation_required',
  'job leased -> dead_letter',
  'job dead_letter -> queued',
  'job dead_letter -> canceled',
  // What a late report settles while nobody holds the job.
  'job queued -> applied',
  'job queued -> conflict',
  'runner none -> online',
  'runner online -> draining',
  'runner draining -> online',
] as const;
