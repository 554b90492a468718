import { actionStates } from '@countersign/protocol/action/action-requests';
import { getRouteApi } from '@tanstack/react-router';
import list from '../ui/list-page.module.css';
import { Tabs } from '../ui/tabs.tsx';
import type { ActionTab } from './actions-search.ts';
import { DeadLetters } from './dead-letters.tsx';
import { Providers } from './providers.tsx';
import { Queue } from './queue.tsx';

const route = getRouteApi('/gate/t/$project/actions');

const tabs = [
  { name: 'queue', title: 'Queue' },
  { name: 'providers', title: 'Providers' },
  { name: 'dead-letters', title: 'Dead letters' },
] as const;

/** Effects outside of a database: what waits, who is in trouble, and what came to nothing. */
export function ActionsPage() {
  const { state: asked, tab = 'queue' } = route.useSearch();
  const state = actionStates.find((one) => one === asked);
  const navigate = route.useNavigate();
  const show = (next: ActionTab) => void navigate({ search: { tab: next }, replace: true });
  return (
    <div className={list.page}>
      <header className={list.head}>
        <h1>Actions</h1>
        <p className={list.count}>Effects outside of a database</p>
      </header>
      <Tabs<ActionTab> label="Parts of the page" chosen={tab} tabs={tabs} onChoose={show} isWholePage>
        {tab === 'queue' ? (
          <Queue
            state={state}
            onState={(next) => void navigate({ search: { tab, state: next }, replace: true })}
          />
        ) : null}
        {tab === 'providers' ? <Providers onDeadLetters={() => show('dead-letters')} /> : null}
        {tab === 'dead-letters' ? <DeadLetters /> : null}
      </Tabs>
    </div>
  );
}
