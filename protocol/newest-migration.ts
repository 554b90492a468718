/** The newest file of `migrations/`, without its ending: the form of the record that this release reads and writes. */
export const NEWEST_MIGRATION = '0007_provisioning';
