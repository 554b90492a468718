import type { Freeze, ScanMark } from './freeze.ts';

type Lifted = { readonly freeze_id: string; readonly reason: string | null; readonly name: string };
type Moved = { readonly freeze_id: string };

/** What happens to freezes, and what they do to jobs and actions. */
export type FreezeEvent =
  | { readonly type: 'freeze.placed'; readonly body: { readonly freeze: Freeze } }
  /** It has looked at another piece of the queues; null: at all of them. */
  | {
      readonly type: 'freeze.scanned';
      readonly body: { readonly freeze_id: string; readonly scan: ScanMark | null };
    }
  | { readonly type: 'freeze.lifted'; readonly body: Lifted }
  /** All that it had moved is back in the queues. */
  | { readonly type: 'freeze.cleared'; readonly body: { readonly freeze_id: string } }
  | { readonly type: 'job.frozen' | 'job.thawed'; readonly body: Moved & { readonly job_id: string } }
  | {
      readonly type: 'action.frozen' | 'action.thawed';
      readonly body: Moved & { readonly action_id: string };
    };
