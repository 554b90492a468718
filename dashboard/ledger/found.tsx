import { searchResultOf } from '@countersign/client/search-result';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import styles from './found.module.css';
import { FoundLine } from './found-line.tsx';
import type { LedgerSearch } from './ledger-search.ts';

const A_PAGE = 50;
const kinds = ['proposal', 'evidence', 'receipt'] as const;

interface Props {
  readonly search: LedgerSearch;
  readonly onChange: (next: LedgerSearch) => void;
}

/** Proposals, evidence and receipts by their words, as far as the person may read them; newest first. */
export function Found({ search, onChange }: Props) {
  const { projectId, record } = usePlane();
  const [words, setWords] = useState(search.q ?? '');
  const { kind, q } = search;
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: [projectId, 'search', q, kind],
    queryFn: ({ pageParam, signal }) =>
      record.search({ q: q ?? '', kind, limit: A_PAGE, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    enabled: q !== undefined,
  });
  const results = data?.pages.flatMap((page) => page.results.map(searchResultOf)) ?? [];
  const isComplete = data?.pages.at(-1)?.is_complete !== false;
  return (
    <div className={styles.found}>
      <search>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            onChange({ ...search, view: 'search', q: words.trim() === '' ? undefined : words.trim() });
          }}
        >
          <input
            type="search"
            aria-label="Words in proposals, evidence and receipts"
            placeholder="Words, ids, amounts"
            className={styles.words}
            maxLength={400}
            value={words}
            onChange={({ currentTarget: { value } }) => setWords(value)}
          />
          <select
            aria-label="Kind"
            className={styles.kind}
            value={kind ?? ''}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...search, view: 'search', kind: kinds.find((one) => one === value) })
            }
          >
            <option value="">Everything</option>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
          <Button type="submit" look="main">
            <Search size={16} aria-hidden /> Search
          </Button>
        </form>
      </search>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {q === undefined ? (
        <p className={styles.hint}>
          Looks through everything that was proposed, read and reported, also for parts of ids. You find what
          your roles let you read.
        </p>
      ) : data === undefined ? (
        error === null ? (
          <PageWait text="Searching" />
        ) : null
      ) : (
        <>
          <p className={styles.hint} role="status">
            {results.length === 0
              ? 'Nothing was found.'
              : `${results.length}${hasNextPage ? ' and more' : ''} found.`}
            {isComplete ? '' : ' Not everything has been looked through yet: search again in a moment.'}
          </p>
          <ol className={styles.results}>
            {results.map((result) => (
              <FoundLine key={`${result.ledger_seq}${result.handle}`} result={result} />
            ))}
          </ol>
          {hasNextPage ? (
            <div>
              <Button disabled={isFetching} onClick={() => void fetchNextPage()}>
                More
              </Button>
            </div>
          ) : null}
        </>
      )}
    </div>
  );
}
