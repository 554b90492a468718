import { permissionSetting } from '../access/permission-setting.ts';
import type { SettingRow } from '../governance-schema.ts';
import type { Head } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { writeStatements } from '../storage/write.ts';
import { settingSubject } from '../turn/event.ts';
import { noNeeds } from '../turn/needs.ts';
import { noRows } from '../turn/rows.ts';
import { World } from '../turn/world.ts';

/** What stands in the record of a project whose rules let nobody in any more. */
export interface Locked {
  readonly head: Head;
  /** Those named in `TOUCHED`, where they are there. */
  readonly settings: readonly SettingRow[];
}

/** The settings that change with it: the rules, and the log of what is in force. */
export const TOUCHED = ['permissions', 'control'] as const;

export interface Unlocking {
  /** Who does it, as the ledger will say. */
  readonly operator: string;
  readonly reason: string;
  /** A text that no other batch ever carries. */
  readonly nonce: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The batch that takes permission rules out of force for whoever has the database, and no way in through the API. It
 * is a turn like any other: guarded by the head, so that it fails when a turn has come between, an entry of the
 * ledger, and a moved head, by which every object notices. The rules stay saved.
 */
export function unlockStatements({ head, settings }: Locked, unlocking: Unlocking): Statement[] {
  const { operator, reason, nonce, now } = unlocking;
  const needs = noNeeds();
  for (const name of TOUCHED) needs.rows.settings.add(name);
  const rows = noRows();
  const keyed = { ...rows.keyed, settings };
  const world = new World(head.tenant, { ...rows, head, keyed }, needs);
  const { rules } = permissionSetting(settings.find(({ name }) => name === 'permissions'));
  world.append(
    {
      type: 'permissions.unlocked',
      actor: { kind: 'system', id: 'offline-unlock' },
      subject: settingSubject('permissions'),
      body: { setting: { enforced: false, rules }, reason, name: operator },
    },
    now,
  );
  const changes = world.changes(nonce);
  if (changes === undefined) throw new TypeError('an unlock always changes something');
  return writeStatements(head, changes);
}
