import type { Known } from '../access/authorize.ts';
import { permissionSetting } from '../access/permission-setting.ts';
import type { SettingRow } from '../governance-schema.ts';
import { claimsSetting } from '../members/claims.ts';
import { sessionsSetting } from '../project/sessions.ts';
import { credentials, members } from '../schema.ts';
import type { RawRow } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow } from '../storage/rows.ts';
import type { Caller } from '../turn/command.ts';

/** The row of whoever asks. */
export function callerStatement(tenant: string, caller: Caller) {
  if (caller.kind === 'person') return byKey(members, 'members', 'person', tenant, [caller.person]);
  return byKey(
    credentials,
    'credentials',
    'credential_id',
    tenant,
    caller.kind === 'system' ? [] : [caller.credentialId],
  );
}

/** What the tenant has set that says who somebody is and what they may. */
export function settingsFor({ kind }: Caller): readonly string[] {
  return kind === 'person' ? ['permissions', 'claims', 'sessions'] : ['permissions'];
}

/** What those rows say of the caller. */
export function knownFrom(caller: Caller, raw: RawRow | undefined, standing: readonly SettingRow[]): Known {
  const setting = (wanted: SettingRow['name']) => standing.find(({ name }) => name === wanted);
  return {
    permissionRules: () => permissionSetting(setting('permissions')),
    claims: () => claimsSetting(setting('claims')),
    sessions: () => sessionsSetting(setting('sessions')),
    member: (person) => {
      const row = raw === undefined || caller.kind !== 'person' ? undefined : decodeRow(members, raw);
      return row?.person === person ? row : undefined;
    },
    credential: (id) => {
      const row = raw === undefined || caller.kind === 'person' ? undefined : decodeRow(credentials, raw);
      return row?.credential_id === id ? row : undefined;
    },
  };
}
