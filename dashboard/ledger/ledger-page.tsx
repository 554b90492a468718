import { Tabs } from '@base-ui/react/tabs';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useFallbackPoll } from '../live/live-context.ts';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Notice } from '../ui/notice.tsx';
import { Found } from './found.tsx';
import styles from './ledger-page.module.css';
import type { LedgerSearch, LedgerViewName } from './ledger-search.ts';
import { LiveTail } from './live-tail.tsx';
import { Proof } from './proof.tsx';

const route = getRouteApi('/gate/t/$project/ledger');
const HEAD_LOOKED_AGAIN_MS = 5_000;

const names: Readonly<Record<LedgerViewName, string>> = {
  tail: 'Live tail',
  search: 'Search',
  proof: 'Verify and export',
};

/** The record: as it grows, by words, and as proof. */
export function LedgerPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayRead = useMay('read-ledger');
  const mayExport = useMay('export-ledger');
  const view = search.view ?? (mayRead ? 'tail' : 'search');
  const change = (next: LedgerSearch) => void navigate({ search: next, replace: true });
  return (
    <Tabs.Root
      className={styles.page}
      value={view}
      onValueChange={(next: LedgerViewName) => change({ view: next })}
    >
      <header className={styles.head}>
        <h1>Ledger</h1>
        <Head />
      </header>
      <Tabs.List className={styles.tabs} aria-label="Ways to look at the ledger">
        {(['tail', 'search', 'proof'] as const).map((name) => (
          <Tabs.Tab key={name} value={name} className={styles.tab}>
            {names[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="tail" className={styles.panel}>
        {mayRead ? <LiveTail search={search} onChange={change} /> : <NotYours what="read the entries" />}
      </Tabs.Panel>
      <Tabs.Panel value="search" className={styles.panel}>
        <Found search={search} onChange={change} />
      </Tabs.Panel>
      <Tabs.Panel value="proof" className={styles.panel}>
        {mayExport ? <Proof /> : <NotYours what="export the record" />}
      </Tabs.Panel>
    </Tabs.Root>
  );
}

/** Where the record ends now. */
function Head() {
  const { fleet, projectId } = usePlane();
  const { data } = useQuery({
    queryKey: [projectId, 'fleet', 'health'],
    queryFn: ({ signal }) => fleet.health({ signal }),
    refetchInterval: useFallbackPoll(HEAD_LOOKED_AGAIN_MS),
  });
  const { ledger } = data ?? {};
  if (ledger == null) return null;
  return (
    <p className={styles.end}>
      ends at entry {ledger.seq.toLocaleString()}
      {ledger.hash == null ? null : (
        <>
          , hash <code title={ledger.hash}>{ledger.hash.slice(0, 19)}…</code>
        </>
      )}
    </p>
  );
}

function NotYours({ what }: { readonly what: string }) {
  return (
    <div className={styles.refused}>
      <Notice
        title={`Your roles do not include to ${what}.`}
        next="Owners, admins and auditors may. Search shows you what your roles read; each proposal has its own story."
      />
    </div>
  );
}
