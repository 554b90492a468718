import { getRouteApi } from '@tanstack/react-router';
import sheet from '../in-force/sheet.module.css';
import { useMay } from '../plane/plane-context.ts';
import { Tabs } from '../ui/tabs.tsx';
import { ChangeLog } from './change-log.tsx';
import { kindNamed } from './kinds.ts';
import { Pieces } from './pieces.tsx';

const route = getRouteApi('/gate/t/$project/registry');

/** What steers agents, and each time that it changed. */
export function RegistryPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayReadChanges = useMay('control-changes');
  const tab = search.tab ?? 'pieces';
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <h1>Registry</h1>
        <p className={sheet.about}>
          What steers agents: prompts, skills, tools, routes and arbiters, each with its versions.
        </p>
      </header>
      <Tabs
        label="Parts of the registry"
        chosen={tab}
        onChoose={(name) => void navigate({ search: (before) => ({ ...before, tab: name }), replace: true })}
        tabs={[
          { name: 'pieces', title: 'Pieces' },
          ...(mayReadChanges ? [{ name: 'changes', title: 'Change log' } as const] : []),
        ]}
      >
        {tab === 'changes' ? (
          <ChangeLog />
        ) : (
          <Pieces
            kind={kindNamed(search.kind)}
            onKind={(kind) => void navigate({ search: (before) => ({ ...before, kind }), replace: true })}
          />
        )}
      </Tabs>
    </div>
  );
}
