import type { HeldNow } from '../limits/admission.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import type { HeldPolls } from './held-polls.ts';

/** What limits of how much is held at a time go by. */
export function heldNow(polls: HeldPolls, live: LiveFeed): HeldNow {
  return { of: (kind) => (kind === 'live' ? live.readers : polls[kind]) };
}
