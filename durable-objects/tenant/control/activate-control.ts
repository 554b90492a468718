import type { ControlKind } from '@countersign/protocol/control/control-document';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { controlKey, controlSubject } from './control-body.ts';
import { controlSetting } from './control-setting.ts';
import { namedBy } from './plan-task.ts';

/** So many are looked at for every task. */
const MOST_IN_FORCE = 500;

/** Brings a version into force, newer or older than the one that is. Work that has its plan goes on with that. */
export function activateControl(
  world: World,
  { kind, name, digest, reason }: AskOf<'activate-control'>,
  identity: Identity,
  _now: number,
): Outcome {
  const row = world.row('controls', controlKey(kind, name));
  if (row === undefined) return unchanged(unknownControl(kind, name));
  const version = row.versions.find((one) => one.digest === digest);
  if (version === undefined) {
    return unchanged(refuse('control_not_found', `${kind} ${name} has no version ${digest}`));
  }
  const standing = controlSetting(world.row('settings', 'control'));
  const reply = (revision: number) =>
    answer({ ok: true, kind, name, version: version.version, digest, status: 'active', revision });
  if (row.active === version.version) return unchanged(reply(standing.revision));
  if (row.active === null && standing.in_force.length >= MOST_IN_FORCE) {
    return unchanged(refuse('control_full', `${MOST_IN_FORCE} pieces are in force already`, 'retire one'));
  }
  const body = world.body(version.seq);
  if (body === undefined || !('document' in body)) {
    return unchanged(refuse('unavailable', 'the version could not be read'));
  }
  const route = kind === 'route' && 'task' in body.document ? body.document : null;
  const missing = (route === null ? [] : namedBy(route)).filter(
    (wanted) => !standing.in_force.some((one) => one.kind === wanted.kind && one.name === wanted.name),
  );
  if (missing.length > 0) {
    const names = missing.map((one) => `${one.kind} ${one.name}`).join(', ');
    return unchanged(
      refuse('control_not_in_force', `the route names what is not in force: ${names}`, 'activate that first'),
    );
  }
  const reference = { kind, name, version: version.version, digest, seq: version.seq, route };
  return {
    reply: reply(standing.revision + 1),
    entries: [
      {
        type: 'control.activated',
        actor: identity.actor,
        subject: controlSubject(kind, name),
        body: { ...reference, reason, by: identity.name },
      },
    ],
  };
}

/** Takes a piece out of force. */
export function retireControl(
  world: World,
  { kind, name, reason }: AskOf<'retire-control'>,
  identity: Identity,
  _now: number,
): Outcome {
  const row = world.row('controls', controlKey(kind, name));
  if (row === undefined) return unchanged(unknownControl(kind, name));
  const { in_force, revision } = controlSetting(world.row('settings', 'control'));
  const reply = (after: number) => answer({ ok: true, kind, name, status: 'retired', revision: after });
  if (row.active === null) return unchanged(reply(revision));
  const user = in_force.find(
    ({ route }) => route !== null && namedBy(route).some((one) => one.kind === kind && one.name === name),
  );
  if (user !== undefined) {
    const message = `the route ${user.name} names it, and would go on without it`;
    return unchanged(refuse('control_in_use', message, 'retire or change that route first'));
  }
  const body = { kind, name, reason, by: identity.name };
  return {
    reply: reply(revision + 1),
    entries: [{ type: 'control.retired', actor: identity.actor, subject: controlSubject(kind, name), body }],
  };
}

function unknownControl(kind: ControlKind, name: string): Reply {
  return refuse('control_not_found', `there is no ${kind} ${name}`);
}
