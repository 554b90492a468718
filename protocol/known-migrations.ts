/** The migrations of this build's schema, in their order; made by scripts/migrations.ts. */
export const knownMigrations: readonly string[] = [
  '0000_initial.sql',
  '0001_ledger_nonce.sql',
  '0002_governance.sql',
  '0003_requirements.sql',
  '0004_actions.sql',
  '0005_runs.sql',
  '0006_fleet.sql',
  '0007_provisioning.sql',
  '0008_r2_unsettled_lane.sql',
  '0009_r2_shard_counts.sql',
];
