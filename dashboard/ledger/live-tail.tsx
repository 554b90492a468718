import { Pause, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { EntryList } from './entry-list.tsx';
import { EntryPanel } from './entry-panel.tsx';
import type { LedgerSearch } from './ledger-search.ts';
import styles from './live-tail.module.css';
import { nounOf, shownOf } from './tail.ts';
import { useOlder } from './use-older.ts';
import { useTail } from './use-tail.ts';

interface Props {
  readonly search: LedgerSearch;
  readonly onChange: (next: LedgerSearch) => void;
}

/** The entries as they are written, newest first; what is older is read when it is asked for. */
export function LiveTail({ search, onChange }: Props) {
  const [isLive, setLive] = useState(true);
  const { data, error, refetch } = useTail(isLive);
  const older = useOlder(data?.after ?? 0);
  const all = useMemo(() => [...(older.data ?? []), ...(data?.entries ?? [])], [older.data, data]);
  const shown = useMemo(() => shownOf(all, search.noun), [all, search.noun]);
  const nouns = useMemo(() => [...new Set(all.map(({ type }) => nounOf(type)))].toSorted(), [all]);
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  const open = all.find(({ seq }) => seq === search.entry);
  const hasOlder = older.data === undefined ? data.after > 0 : older.hasNextPage;
  return (
    <div className={styles.tail} data-open={open !== undefined || undefined}>
      <div className={styles.bar}>
        <Button isSmall aria-pressed={!isLive} onClick={() => setLive(!isLive)}>
          {isLive ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
          {isLive ? 'Hold it' : 'Go on'}
        </Button>
        <select
          aria-label="Entries of"
          className={styles.noun}
          value={search.noun ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...search, noun: value === '' ? undefined : value })
          }
        >
          <option value="">Everything</option>
          {nouns.map((noun) => (
            <option key={noun} value={noun}>
              {noun.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
        <p className={styles.count} role="status">
          {isLive ? 'follows the end; ' : 'held; '}
          {shown.length.toLocaleString()} read
        </p>
        {hasOlder ? (
          <Button isSmall look="plain" disabled={older.isFetching} onClick={() => void readOlder(older)}>
            Read older ones
          </Button>
        ) : null}
      </div>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {older.error === null ? null : <Fault error={older.error} />}
      <div className={styles.sides}>
        <EntryList
          entries={shown}
          openSeq={search.entry}
          onOpen={(entry) => onChange({ ...search, entry })}
        />
        {open === undefined ? null : (
          <EntryPanel entry={open} onClose={() => onChange({ ...search, entry: undefined })} />
        )}
      </div>
    </div>
  );
}

function readOlder({ data, fetchNextPage, refetch }: ReturnType<typeof useOlder>): Promise<unknown> {
  return data === undefined ? refetch() : fetchNextPage();
}
