import type { PermissionRule } from '@countersign/protocol/permission-rule';

/** A policy in force: its document lies in the entry. */
export interface PolicyReference {
  readonly name: string;
  readonly seq: number;
  readonly digest: string;
}

/** The permission rules of a tenant, and whether they hold yet. */
export interface PermissionSetting {
  readonly enforced: boolean;
  readonly rules: readonly PermissionRule[];
}

/** What a tenant has one of. */
export interface Settings {
  readonly policies: readonly PolicyReference[];
  readonly permissions: PermissionSetting;
}
export type SettingName = keyof Settings;
export type SettingValue = Settings[SettingName];
