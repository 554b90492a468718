import type { SettingRow } from '../governance-schema.ts';
import type { PermissionSetting } from '../settings/setting.ts';

export const noPermissionRules: PermissionSetting = { enforced: false, rules: [] };

/** The permission rules of a project, from the row of its settings. */
export function permissionSetting(row: SettingRow | undefined): PermissionSetting {
  return row !== undefined && 'enforced' in row.value ? row.value : noPermissionRules;
}
