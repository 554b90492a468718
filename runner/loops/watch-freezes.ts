import { FreezeWatch } from '@countersign/client/freeze-watch';
import type { FreezeMark } from '@countersign/protocol/freeze-mark';
import type { Log } from '../log.ts';
import type { Observe } from './loop-event.ts';

/** Says once of each freeze that it holds this runner's work back, and once that it does so no more. */
export function watchFreezes(log: Log, observe: Observe): FreezeWatch {
  return new FreezeWatch({
    begun: ({ freeze_id, is_stop, kind, since, until }: FreezeMark) => {
      log('warn', 'work_frozen', { freeze_id, kind, is_stop, since, until: until ?? undefined, next: NEXT });
      observe({ kind: 'frozen', freezeId: freeze_id });
    },
    ended: ({ freeze_id }) => {
      log('info', 'work_thawed', { freeze_id });
      observe({ kind: 'thawed', freezeId: freeze_id });
    },
  });
}

const NEXT = 'nothing is wrong here: it ends at its time, or when an operator lifts it';
