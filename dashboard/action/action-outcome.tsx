import type { ActionDetail } from '@countersign/client/action-detail';
import { sentence } from '../format/sentence.ts';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';

/** How it ended, or what it waits for. */
export function ActionOutcome({ detail }: { readonly detail: ActionDetail }) {
  const { status, waiting } = detail;
  if (status === 'succeeded') return <Notice tone="good" title="It has happened." />;
  if (status === 'failed') return <Notice tone="bad" title="It has not happened, and will not." />;
  if (waiting == null || status === 'held' || status === 'proposed') return null;
  return (
    <Notice
      tone={status === 'unknown' || status === 'dead_letter' ? 'bad' : 'warn'}
      title={<Foreign text={sentence(waiting.why ?? 'it waits')} />}
      next={waiting.next == null ? undefined : <Foreign text={sentence(waiting.next)} />}
    />
  );
}
