import type { PermissionRule } from '@countersign/protocol/permission-rule';
import type { BootstrapSetting } from '../bootstrap/bootstrap-setting.ts';
import type { ControlSetting } from '../control/control-setting.ts';
import type { CorsSetting } from '../cors/cors-setting.ts';
import type { ServiceNames } from '../credentials/service-names.ts';
import type { FreezeSetting } from '../freezes/freeze.ts';
import type { LimitSetting } from '../limits/neared.ts';
import type { ClaimsSetting } from '../members/claims.ts';
import type { SessionsSetting } from '../project/sessions.ts';

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
  readonly claims: ClaimsSetting;
  /** Tokens of people that were ended before their time. */
  readonly sessions: SessionsSetting;
  readonly control: ControlSetting;
  readonly freezes: FreezeSetting;
  readonly bootstrap: BootstrapSetting;
  readonly cors: CorsSetting;
  readonly services: ServiceNames;
  readonly limits: LimitSetting;
}
export type SettingName = keyof Settings;
export type SettingValue = Settings[SettingName];
