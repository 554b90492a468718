import type { Placed } from '../turn/event.ts';

type ActivityEntry = Extract<Placed, { body: { event_id: string } }>;

/** Whether an entry is an event that a runner told, which has a natural key. */
export function isActivity(entry: Placed): entry is ActivityEntry {
  return 'event_id' in entry.body;
}

export function eventKey(runnerId: string, eventId: string): string {
  return `${runnerId} ${eventId}`;
}
