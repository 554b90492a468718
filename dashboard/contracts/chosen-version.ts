import type { ContractView, VersionView } from '@countersign/client/contracts-api';
import type { ContractSearch } from './contract-search.ts';

export interface Chosen {
  readonly version: VersionView | undefined;
  /** What it is compared with. */
  readonly from: VersionView | undefined;
  readonly active: VersionView | undefined;
}

/**
 * Which versions a page is about: the one that the address names, else the one in force, else the newest; beside it the
 * one in force, and for that one its predecessor. `versions` are oldest first.
 */
export function chosenVersion(
  { active_version_id }: ContractView,
  versions: readonly VersionView[],
  search: Pick<ContractSearch, 'from' | 'version'>,
): Chosen {
  const named = (id: string | null | undefined) =>
    versions.find(({ contract_version_id }) => contract_version_id === id);
  const active = named(active_version_id);
  const version = named(search.version) ?? active ?? versions.at(-1);
  const place = version === undefined ? -1 : versions.indexOf(version);
  const before = place > 0 ? versions[place - 1] : undefined;
  const usual = active === undefined || active === version ? before : active;
  return { version, from: named(search.from) ?? usual, active };
}

/** `Version 3`, with what its author called it. */
export function versionName({ label, version_number }: VersionView): string {
  const number = version_number == null ? 'Version' : `Version ${version_number}`;
  return label == null || label === '' ? number : `${number} (${label})`;
}

/** Whether to bring it into force is to go back. */
export function isOlder(version: VersionView, active: VersionView | undefined): boolean {
  return active !== undefined && (version.version_number ?? 0) < (active.version_number ?? 0);
}
