import type { ProposalDetail } from '@countersign/client/proposal-detail';
import type { ProposalsSearch } from './proposals-search.ts';

/** Whether what the words found is in the state and of the source that are asked for. */
export function isListed(
  { source_id, status }: ProposalDetail,
  wanted: Pick<ProposalsSearch, 'source' | 'status'>,
): boolean {
  return (
    (wanted.status === undefined || status === wanted.status) &&
    (wanted.source === undefined || source_id === wanted.source)
  );
}
