import type { SettingRow } from '../governance-schema.ts';

/** Origins whose pages may read what the project answers; none where nothing is said. */
export interface CorsSetting {
  /** Exact, in the order in which they were allowed. */
  readonly origins: readonly string[];
}

export const MOST_ORIGINS = 20;

export function corsSetting(row: SettingRow | undefined): CorsSetting {
  return row !== undefined && 'origins' in row.value ? row.value : { origins: [] };
}
