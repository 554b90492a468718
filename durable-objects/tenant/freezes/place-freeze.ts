import type { FreezeScope } from '@countersign/protocol/fleet-requests';
import { mintId } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import { AUTHORITY_MS } from '../jobs/job-form.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { type Freeze, freezesOf, isOfRows, type ScanMark } from './freeze.ts';
import { freezeView } from './freeze-view.ts';

/** Each is looked at by every claim. */
const MOST_FREEZES = 50;

/** Before the first row of the first queue. */
const FROM_THE_FRONT: ScanMark = { table: 'proposals', lane: 'queue/', rank: 0, key: 0 };

/** Holds back what the scope covers. Two freezes of the same are two: each is lifted by itself. */
export function placeFreeze(
  world: World,
  { reason, scope, until }: AskOf<'place-freeze'>,
  identity: Identity,
  now: number,
): Outcome {
  if (until !== null && until <= now) {
    return refused({ code: 'invalid_request', message: 'until: lies in the past' });
  }
  return place(world, { scope, reason, until, is_stop: false }, identity, now);
}

/** From this turn on nothing is leased; what is leased may begin to write only for as long as it was told. */
export function emergencyStop(
  world: World,
  { reason, runnerId }: AskOf<'emergency-stop'>,
  identity: Identity,
  now: number,
): Outcome {
  const scope: FreezeScope = runnerId === null ? { kind: 'project' } : { kind: 'runner', id: runnerId };
  return place(world, { scope, reason, until: null, is_stop: true }, identity, now);
}

function place(
  world: World,
  wish: Pick<Freeze, 'scope' | 'reason' | 'until' | 'is_stop'>,
  identity: Identity,
  now: number,
): Outcome {
  const refusal = missing(world, wish.scope);
  if (refusal !== undefined) return refused(refusal);
  if (freezesOf(world).length >= MOST_FREEZES) {
    const message = `there are ${MOST_FREEZES} freezes, and no room for another`;
    return refused({ code: 'too_many_freezes', message, next: 'lift one, or freeze the whole project' });
  }
  const by = `${identity.actor.kind}:${identity.actor.id}`;
  const freeze: Freeze = {
    freeze_id: mintId('frz', { at: now, seq: world.nextSeq, tenant: world.tenant }),
    ...wish,
    by,
    name: identity.name,
    placed_at: now,
    state: 'in_force',
    scan: isOfRows({ scope: wish.scope }) ? FROM_THE_FRONT : null,
  };
  const reply = answer(
    {
      ok: true,
      freeze: freezeView(freeze),
      /** Leases that stood before may begin a write until then, and no later. */
      no_write_begins_after: new Date(now + AUTHORITY_MS).toISOString(),
      server_time: new Date(now).toISOString(),
      ledger_seq: world.nextSeq,
    },
    201,
  );
  const subject = settingSubject('freezes');
  return { reply, entries: [{ type: 'freeze.placed', actor: identity.actor, subject, body: { freeze } }] };
}

/** A freeze of something that is not there would hold nothing back, and look as if it did. */
function missing(world: World, scope: FreezeScope): Refusal | undefined {
  switch (scope.kind) {
    case 'project':
      return undefined;
    case 'source':
      if (world.row('sources', scope.id) !== undefined) return undefined;
      return { code: 'source_not_found', message: `there is no source ${scope.id}` };
    case 'contract':
      if (world.row('contracts', scope.id) !== undefined) return undefined;
      return { code: 'contract_not_found', message: `there is no contract ${scope.id}` };
    case 'agent':
      if (world.row('credentials', scope.id)?.kind === 'agent') return undefined;
      return { code: 'credential_not_found', message: `there is no agent with the credential ${scope.id}` };
    case 'runner':
      if (world.row('runners', scope.id) !== undefined) return undefined;
      return { code: 'runner_not_found', message: `no runner ${scope.id} has registered` };
  }
}

function refused(refusal: Refusal): Outcome {
  return unchanged({ ok: false, refusal });
}
