import type { ActionDetail } from '@countersign/client/action-detail';
import { Link } from '@tanstack/react-router';
import { usePlane } from '../plane/plane-context.ts';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';

/** Said before anything else: whoever lets it go lets the same effect happen twice. */
export function LikelyDone({ detail: { likely_done, status } }: { readonly detail: ActionDetail }) {
  const { address } = usePlane();
  const id = likely_done?.action_id;
  if (likely_done == null || status !== 'held') return null;
  return (
    <Notice
      tone="bad"
      title="This has probably been done already. To approve it is to have it happen twice."
      next="Look at that one first. Reject this one, unless twice is what is wanted."
      isUrgent
    >
      <p>
        The same effect was asked for before:{' '}
        {id == null ? (
          'by an action that is not told'
        ) : (
          <Link to="/t/$project/actions/$actionId" params={{ project: address, actionId: id }}>
            <code>{id}</code>
          </Link>
        )}
        , which is{' '}
        <strong>
          <Foreign text={(likely_done.state ?? 'not known').replaceAll('_', ' ')} />
        </strong>
        .
      </p>
    </Notice>
  );
}
