import type { Identity } from '../access/identity.ts';
import type { Head } from '../schema.ts';
import type { PermissionSetting } from '../settings/setting.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import type { AskType } from '../turn/command.ts';
import type { Reply } from '../turn/reply.ts';

/** What an answer without a turn may depend on besides its rows. */
export interface LookContext {
  readonly tenant: string;
  readonly head: Head;
  readonly identity: Identity;
  readonly permissions: PermissionSetting;
  /** Unix milliseconds. */
  readonly now: number;
  /** Whether the caller may ask something else as well. */
  may(asked: AskType): boolean;
}

/** A question to the record: which statements, and how their rows become the answer. Reads only. */
export interface LookPlan {
  readonly statements: readonly Statement[];
  answer(results: readonly (readonly RawRow[])[], context: LookContext): Reply | Promise<Reply>;
}
