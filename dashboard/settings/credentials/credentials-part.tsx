import { getRouteApi, Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useMay, usePlane } from '../../plane/plane-context.ts';
import { NotShown } from '../not-shown.tsx';
import { type CredentialKind, credentialKinds } from '../settings-search.ts';
import { Agents } from './agents.tsx';
import styles from './credentials-part.module.css';
import { RunnerTokens } from './runner-tokens.tsx';
import { Services } from './services.tsx';

const route = getRouteApi('/gate/t/$project/settings');

const kinds: Readonly<Record<CredentialKind, { readonly label: string; readonly List: ComponentType }>> = {
  'runner-tokens': { label: 'Runner tokens', List: RunnerTokens },
  services: { label: 'Service accounts', List: Services },
  agents: { label: 'Agents', List: Agents },
};

/** What programs come with. No kind passes as another. */
export function CredentialsPart() {
  const { address } = usePlane();
  const { kind = 'runner-tokens' } = route.useSearch();
  const mayList = useMay('list-credentials');
  if (!mayList) return <NotShown who="owners, admins and auditors" />;
  const { List } = kinds[kind];
  return (
    <>
      <nav className={styles.kinds} aria-label="Kinds of credentials">
        {credentialKinds.map((one) => (
          <Link
            key={one}
            to="/t/$project/settings"
            params={{ project: address }}
            search={{ part: 'credentials', kind: one }}
            className={styles.kind}
            aria-current={one === kind ? 'page' : undefined}
            activeProps={{}}
          >
            {kinds[one].label}
          </Link>
        ))}
      </nav>
      <List key={kind} />
    </>
  );
}
