import type { SettingRow } from '../governance-schema.ts';

/** Whether the first service account of a project was handed out: a token that comes later changes nothing. */
export interface BootstrapSetting {
  readonly is_exchanged: boolean;
  /** The account that was made last; it may have ended since. */
  readonly credential_id: string | null;
}

export function bootstrapSetting(row: SettingRow | undefined): BootstrapSetting {
  return row !== undefined && 'is_exchanged' in row.value
    ? row.value
    : { is_exchanged: false, credential_id: null };
}
