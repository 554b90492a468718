import { ApiError } from '@countersign/client/api-error';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { endSession } from '../sign-in/session.ts';

const FRESH_MS = 5_000;

/** What the pages have read. What passes by itself is asked again by the client package, so nothing is here. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: FRESH_MS, refetchOnWindowFocus: true } },
    queryCache: new QueryCache({ onError: noticeEnd }),
    mutationCache: new MutationCache({ onError: noticeEnd }),
  });
}

/** The plane says that the token is no good any more: the person has to sign in again, and the page stays as it is. */
function noticeEnd(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) endSession();
}
