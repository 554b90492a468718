import { ApiError } from '@countersign/client/api-error';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** What went wrong, what is still true, and what to do. */
export function Fault({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <Notice tone="bad" title={faultTitle(error)} next={faultNext(error)} isUrgent>
      {onRetry === undefined ? null : (
        <div>
          <Button isSmall onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </Notice>
  );
}

export function faultTitle(error: unknown): string {
  return error instanceof Error ? error.message : 'something went wrong on this page';
}

function faultNext(error: unknown): ReactNode {
  if (!(error instanceof ApiError)) return 'Load the page again. Nothing that was decided is lost.';
  const { code, next, requestId } = error;
  return (
    <>
      {next === undefined ? null : <>{next}. </>}
      <code>{code}</code>
      {requestId === undefined ? null : (
        <>
          {' '}
          <code>{requestId}</code>
        </>
      )}
    </>
  );
}
