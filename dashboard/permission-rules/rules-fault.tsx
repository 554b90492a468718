import { ApiError } from '@countersign/client/api-error';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';

/** Why the rules were not taken. That they would shut every owner out is told as what it is. */
export function RulesFault({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiError) || error.code !== 'lock_out') return <Fault error={error} />;
  return (
    <Notice
      tone="bad"
      title="These rules would lock every owner out, so nothing was changed."
      next={
        <>
          What held before holds still.{' '}
          {error.next === undefined ? null : (
            <>
              What would pass: <Foreign text={error.next} />.{' '}
            </>
          )}
          <code>{error.code}</code>
        </>
      }
      isUrgent
    >
      <p>
        Found by trying: <Foreign text={error.message} />
      </p>
    </Notice>
  );
}
