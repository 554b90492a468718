import type { Placed } from './event.ts';

type LaterBody = Extract<
  Placed,
  {
    type:
      | 'action.requested'
      | 'action.claimed'
      | 'step.added'
      | 'task.claimed'
      | 'task.completed'
      | 'control.saved';
  }
>;
const later: ReadonlySet<string> = new Set<LaterBody['type']>([
  ...(['action.requested', 'action.claimed'] as const),
  ...(['step.added', 'task.claimed', 'task.completed', 'control.saved'] as const),
]);

/** Whether a later rule of the same turn may need what stands in the entry. */
export function holdsLaterBody(entry: Placed): entry is LaterBody {
  return later.has(entry.type);
}
