import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { freezesOf } from './freeze.ts';
import { freezeView } from './freeze-view.ts';

/** Ends a freeze. What it moved goes back to its place in the queues, a batch at a time. */
export function liftFreeze(
  world: World,
  { freezeId, reason }: AskOf<'lift-freeze'>,
  identity: Identity,
): Outcome {
  const freeze = freezesOf(world).find(({ freeze_id }) => freeze_id === freezeId);
  if (freeze === undefined) {
    const message = `no freeze ${freezeId} is in force`;
    return unchanged(refuse('freeze_not_found', message, 'the list of freezes shows those that are'));
  }
  const reply = answer({ ok: true, freeze: freezeView(freeze), ledger_seq: world.nextSeq });
  if (freeze.state === 'lifting') return unchanged(reply);
  const body = { freeze_id: freezeId, reason, name: identity.name };
  const subject = settingSubject('freezes');
  return { reply, entries: [{ type: 'freeze.lifted', actor: identity.actor, subject, body }] };
}
