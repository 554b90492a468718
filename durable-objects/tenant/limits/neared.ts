import type { LimitMark, LimitName } from '@countersign/protocol/limits';
import { system } from '../access/identity.ts';
import type { SettingRow } from '../governance-schema.ts';
import { type Draft, settingSubject } from '../turn/event.ts';
import type { World } from '../turn/world.ts';

/** When each limit was noted last (Unix milliseconds): whoever stays near one is not noted again and again. */
export interface LimitSetting {
  readonly neared: { readonly [Name in LimitName]?: number };
}

const NOTED_EVERY_MS = 3_600_000;

export function limitSetting(row: SettingRow | undefined): LimitSetting {
  const value = row?.value;
  return value !== undefined && 'neared' in value ? value : { neared: {} };
}

/** The entry that a limit is nearly used up, unless that was noted within the hour. */
export function nearedDraft(world: Pick<World, 'row'>, mark: LimitMark, now: number): Draft | undefined {
  const { neared } = limitSetting(world.row('settings', 'limits'));
  if (isNoted(neared[mark.name], now)) return undefined;
  return { type: 'limit.neared', actor: system.actor, subject: settingSubject('limits'), body: mark };
}

/** @param at when it was noted last, in Unix milliseconds */
export function isNoted(at: number | undefined, now: number): boolean {
  return at !== undefined && now - at < NOTED_EVERY_MS;
}
