import type { FreezeMark } from '@countersign/protocol/freeze-mark';
import { type Reply, refuse } from '../turn/reply.ts';
import type { Freeze } from './freeze.ts';

/** A freeze as answers show it. */
export function freezeView({
  freeze_id,
  scope,
  is_stop,
  reason,
  by,
  name,
  placed_at,
  until,
  state,
  scan,
}: Freeze) {
  return {
    freeze_id,
    scope,
    is_stop,
    reason,
    placed_by: by,
    placed_by_name: name,
    placed_at: new Date(placed_at).toISOString(),
    until: until === null ? null : new Date(until).toISOString(),
    state,
    /** It still moves what waits out of the queues; nothing of it is handed out meanwhile either. */
    is_scanning: scan !== null,
  };
}

/** What a freeze says to a runner, which need not know why and by whom. */
export function freezeMark({ freeze_id, is_stop, placed_at, scope, until }: Freeze): FreezeMark {
  return {
    freeze_id,
    kind: scope.kind,
    is_stop,
    since: new Date(placed_at).toISOString(),
    until: until === null ? null : new Date(until).toISOString(),
  };
}

/** What was leased before keeps what it was promised, and gets no more. */
export function refuseFrozen({ freeze_id, is_stop, scope }: Freeze): Reply {
  const what = is_stop ? 'an emergency stop' : `a freeze of the ${scope.kind}`;
  return refuse('frozen', `${what} holds this back (${freeze_id})`, 'give it back, and claim again later');
}
