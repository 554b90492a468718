import type { NotCarriedBecause } from '@countersign/protocol/backup/carried-losses';
import type { Freeze, ScanMark } from './freeze.ts';

type Lifted = { readonly freeze_id: string; readonly reason: string | null; readonly name: string };
/** The record was made again from a copy: what happened after that is not in it. */
type Restored = {
  readonly snapshot_id: string;
  readonly taken_at: string;
  /** Where the copy ends. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** Who asked for it, and why. */
  readonly by: string;
  readonly reason: string;
  /** It holds everything until a person has seen what the databases know and this record does not. */
  readonly freeze: Freeze;
  readonly attempts_above: number;
  /** What it took away again; older records do not say. */
  readonly losses?: RestoredLosses;
};
type RestoredLosses =
  /** So many entries follow, each of which says of which entry of that copy it is. */
  | { readonly carried: number; readonly from: string }
  | { readonly carried: null; readonly because: NotCarriedBecause; readonly notice: string };
type Moved = { readonly freeze_id: string };

/** What happens to freezes, and what they do to jobs and actions. */
export type FreezeEvent =
  | { readonly type: 'freeze.placed'; readonly body: { readonly freeze: Freeze } }
  | { readonly type: 'tenant.restored'; readonly body: Restored }
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
