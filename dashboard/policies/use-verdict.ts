import { ApiError } from '@countersign/client/api-error';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { usePlane } from '../plane/plane-context.ts';
import type { Verdict } from './test-outcomes.ts';

/** What the plane says of a document that is not saved: it compiles it, and runs its tests. Null asks nothing. */
export function useVerdict(value: object | null) {
  const { policies, projectId } = usePlane();
  return useQuery({
    queryKey: [projectId, 'policies', 'test', value],
    queryFn: value === null ? skipToken : ({ signal }) => verdictOn(policies.test(value, { signal })),
    // What stood there is shown until the next is known, so that the page does not jump with every letter.
    placeholderData: keepPreviousData,
  });
}

async function verdictOn(tested: Promise<unknown>): Promise<Verdict> {
  try {
    await tested;
    return { isTaken: true };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'policy_invalid') throw error;
    const { issues, message } = error;
    return {
      isTaken: false,
      issues: issues.length > 0 ? issues : [{ path: '$', code: error.code, message }],
    };
  }
}
