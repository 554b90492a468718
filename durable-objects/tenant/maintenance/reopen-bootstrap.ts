import { bootstrapSetting } from '../bootstrap/bootstrap-setting.ts';
import type { SettingRow } from '../governance-schema.ts';
import type { CredentialRow, Head } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { writeStatements } from '../storage/write.ts';
import { credentialSubject, settingSubject } from '../turn/event.ts';
import { noNeeds } from '../turn/needs.ts';
import { noRows } from '../turn/rows.ts';
import { World } from '../turn/world.ts';
import type { Unlocking } from './unlock.ts';

/** What stands in the record of a project whose first service account nobody can use any more. */
export interface Bootstrapped {
  readonly head: Head;
  /** Those named in `REOPENED`, where they are there. */
  readonly settings: readonly SettingRow[];
  /** The account that was handed out, where there is one. */
  readonly account: CredentialRow | undefined;
}

/** The settings that change with it: whether it was exchanged, and the names that are taken. */
export const REOPENED = ['bootstrap', 'services'] as const;

/** The account that a project's exchange made last; null where none was made. */
export function accountIn(settings: readonly SettingRow[]): string | null {
  return bootstrapSetting(settings.find(({ name }) => name === 'bootstrap')).credential_id;
}

/**
 * The batch that lets the bootstrap token be exchanged once more, for whoever has the database: the answer of the first
 * exchange was lost, or its account has ended with nobody left. The account that was handed out ends in the same turn,
 * so there are never two. Undefined where nothing was exchanged. As `unlockStatements`, a turn like any other.
 */
export function reopenStatements(
  { account, head, settings }: Bootstrapped,
  { nonce, now, operator, reason }: Unlocking,
): Statement[] | undefined {
  if (!bootstrapSetting(settings.find(({ name }) => name === 'bootstrap')).is_exchanged) return undefined;
  const needs = noNeeds();
  for (const name of REOPENED) needs.rows.settings.add(name);
  if (account !== undefined) needs.rows.credentials.add(account.credential_id);
  const rows = noRows();
  const keyed = { ...rows.keyed, settings, credentials: account === undefined ? [] : [account] };
  const world = new World(head.tenant, { ...rows, head, keyed }, needs);
  const actor = { kind: 'system', id: 'offline-unlock' } as const;
  if (account !== undefined && account.status !== 'revoked') {
    const { credential_id } = account;
    const subject = credentialSubject(credential_id);
    world.append({ type: 'credential.revoked', actor, subject, body: { credential_id, reason } }, now);
  }
  const body = { reason, name: operator };
  world.append({ type: 'bootstrap.reopened', actor, subject: settingSubject('bootstrap'), body }, now);
  const changes = world.changes(nonce);
  if (changes === undefined) throw new TypeError('a reopening always changes something');
  return writeStatements(head, changes);
}
