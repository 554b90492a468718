import type { Refusal } from '@countersign/protocol/problem';
import { wouldLockOut } from '../policies/lock-out.ts';
import { compilePermissionRules } from '../policies/permission-rules.ts';
import type { PermissionSetting } from '../settings/setting.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import type { Identity } from './identity.ts';
import { permissionSetting } from './permission-setting.ts';
import { askNames } from './permissions.ts';
// from './permission-setting.ts';

/** All rules of a project at once. While they are enforced, none may lock the owners out. */
export function savePermissionRules(
  world: World,
  { rules }: AskOf<'save-permission-rules'>,
  identity: Identity,
  now: number,
): Outcome {
  const { enforced } = permissionSetting(world.row('settings', 'permissions'));
  const setting = { enforced, rules };
  const refusal = refusalOf(world, setting, now);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  return saved('permissions.saved', setting, null, identity);
}

/** Turns enforcement on, after a look whether some owner could still turn it off at any time; or off. */
export function enforcePermissionRules(
  world: World,
  { on, reason }: AskOf<'enforce-permission-rules'>,
  identity: Identity,
  now: number,
): Outcome {
  const { rules, enforced } = permissionSetting(world.row('settings', 'permissions'));
  const setting = { enforced: on, rules };
  if (enforced === on) return unchanged(answer({ ok: true, ...setting }));
  const refusal = refusalOf(world, setting, now);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  return saved(on ? 'permissions.enforced' : 'permissions.relaxed', setting, reason, identity);
}

function refusalOf(world: World, { enforced, rules }: PermissionSetting, now: number): Refusal | undefined {
  const compiled = compilePermissionRules(rules, askNames());
  if (!compiled.ok) {
    const [first] = compiled.issues;
    const message = first === undefined ? 'a rule is not valid' : `${first.path}: ${first.message}`;
    return { code: 'policy_invalid', message, errors: compiled.issues };
  }
  if (!enforced) return undefined;
  const owners = world
    .roster()
    .filter(({ status, roles }) => status === 'active' && roles.includes('owner'))
    .map(({ person, name, roles, approval_roles }) => ({
      kind: 'person',
      id: person,
      name,
      roles,
      approval_roles,
    }));
  return wouldLockOut(compiled.rules, owners, now);
}

function saved(
  type: 'permissions.saved' | 'permissions.enforced' | 'permissions.relaxed',
  setting: PermissionSetting,
  reason: string | null,
  identity: Identity,
): Outcome {
  const body = { setting, reason, name: identity.name };
  const subject = settingSubject('permissions');
  return {
    reply: answer({ ok: true, ...setting }),
    entries: [{ type, actor: identity.actor, subject, body }],
  };
}
