import { SET_UP } from '../access/permissions.ts';
import { issueService, refusalOfExpiry } from '../credentials/issue-credential.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { bootstrapSetting } from './bootstrap-setting.ts';
import { isOwned } from './set-up.ts';

/** Long enough to set a project up, and short enough that a token which somebody forgot ends. */
const USUAL_LIFE_MS = 90 * 86_400_000;

/** What the first account holds besides, also when the project has an owner: to look, and to draft. */
const DRAFTING = [
  'project:read',
  'contracts:read',
  'contracts:write',
  'policies:read',
  'policies:write',
  'runners:read',
  'control:read',
  'control:write',
] as const;
/** While nobody owns the project, nobody else could bring a contract into force. */
const ALONE = [...DRAFTING, 'contracts:activate', SET_UP] as const;

/** The first service account, once in the life of a project, whichever bootstrap token is brought and however often. */
export function exchangeBootstrap(
  world: World,
  { expiresAt, minted, name }: AskOf<'bootstrap'>,
  now: number,
): Outcome {
  if (bootstrapSetting(world.row('settings', 'bootstrap')).is_exchanged) {
    return unchanged(
      refuse(
        'already_bootstrapped',
        'the first service account of this project was handed out before; this changed nothing',
        'use its token; where it was lost, an owner revokes it and issues another, and where there is no owner the host says: npm run unlock -- --bootstrap',
      ),
    );
  }
  const refusal = refusalOfExpiry(expiresAt, now);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const actor = { kind: 'system', id: 'bootstrap' } as const;
  const { entries, reply } = issueService(
    world,
    {
      minted,
      name,
      permissions: isOwned(world) ? DRAFTING : ALONE,
      expiresAt: expiresAt ?? now + USUAL_LIFE_MS,
    },
    actor,
    now,
  );
  if (!reply.ok) return unchanged(reply);
  const body = { credential_id: minted.id };
  const subject = settingSubject('bootstrap');
  return { reply, entries: [...entries, { type: 'bootstrap.exchanged', actor, subject, body }] };
}
