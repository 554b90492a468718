import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { useKeys } from '../ui/use-keys.ts';
import { BulkBar } from './bulk-bar.tsx';
import { Filters } from './filters.tsx';
import { InboxEmpty } from './inbox-empty.tsx';
import { InboxList } from './inbox-list.tsx';
import styles from './inbox-page.module.css';
import { OpenItem } from './open-item.tsx';
import { groupAlike, isWanted, linesOf, type Pending } from './pending.ts';
import { toggled } from './toggled.ts';
import { useInbox } from './use-inbox.ts';

const route = getRouteApi('/gate/t/$project/inbox');

const NONE: readonly Pending[] = [];

/** What waits for a decision, and beside it the one that is open. */
export function InboxPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const inbox = useInbox(search.source);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const all = inbox.items ?? NONE;
  const items = useMemo(() => all.filter((item) => isWanted(item, search)), [all, search]);
  const lines = useMemo(() => linesOf(groupAlike(items), folded), [items, folded]);
  const shown = lines.flatMap((line) => (line.kind === 'item' ? [line.item] : []));
  const open = (item: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, item }), replace: search.item !== undefined });
  const step = (by: number) => {
    const at = shown.findIndex(({ id }) => id === search.item);
    const next = shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next !== undefined) open(next.id);
  };
  const known = all.find(({ id }) => id === search.item);
  const choose = (choices: readonly string[]) => setChosen(toggled(chosen, choices));
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => (known === undefined ? undefined : choose([known.choice])),
    escape: () => open(undefined),
  });
  if (inbox.items === undefined)
    return inbox.error === null ? <PageWait /> : <Fault error={inbox.error} onRetry={inbox.readAgain} />;
  return (
    <div className={styles.page} data-open={search.item !== undefined || undefined}>
      <section className={styles.list} aria-label="What waits for a decision">
        <header className={styles.head}>
          <h1>Inbox</h1>
          <p className={styles.count} role="status">
            {items.length.toLocaleString()}
            {inbox.hasMore ? ' and more' : ''} waiting
          </p>
        </header>
        <Filters
          items={all}
          search={search}
          onChange={(next) => void navigate({ search: next, replace: true })}
        />
        {inbox.error === null ? null : <Fault error={inbox.error} onRetry={inbox.readAgain} />}
        {items.length === 0 && !inbox.hasMore ? (
          <InboxEmpty isFiltered={all.length > 0} />
        ) : (
          <InboxList
            lines={lines}
            openId={search.item}
            chosen={chosen}
            onOpen={open}
            onChoose={choose}
            onFold={(key) => setFolded(toggled(folded, [key]))}
            hasMore={inbox.hasMore}
            onMore={inbox.more}
          />
        )}
        {chosen.size === 0 ? null : (
          <BulkBar
            items={all.filter(({ choice }) => chosen.has(choice))}
            onDone={() => setChosen(new Set())}
          />
        )}
      </section>
      <section className={styles.open} aria-label="The decision that is open">
        {search.item === undefined ? (
          items.length === 0 ? null : (
            <p className={styles.none}>
              Choose one, or press <kbd>j</kbd>. <kbd>a</kbd> approves what is open, <kbd>r</kbd> rejects it,{' '}
              <kbd>q</kbd> asks, <kbd>x</kbd> chooses it to be decided with others.
            </p>
          )
        ) : (
          <OpenItem
            key={search.item}
            id={search.item}
            known={known}
            onBack={() => open(undefined)}
            onNext={() => step(1)}
          />
        )}
      </section>
    </div>
  );
}
