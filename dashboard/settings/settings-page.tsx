import { getRouteApi, Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { BackupsPart } from './backups/backups-part.tsx';
import { CredentialsPart } from './credentials/credentials-part.tsx';
import { LimitsPart } from './limits/limits-part.tsx';
import { MembersPart } from './members/members-part.tsx';
import { ProjectPart } from './project/project-part.tsx';
import styles from './settings-page.module.css';
import { type SettingsPart, settingsParts } from './settings-search.ts';
import { SignInPart } from './sign-in/sign-in-part.tsx';
import { SourcesPart } from './sources/sources-part.tsx';

const route = getRouteApi('/gate/t/$project/settings');

const parts: Readonly<Record<SettingsPart, { readonly label: string; readonly Part: ComponentType }>> = {
  members: { label: 'Members', Part: MembersPart },
  credentials: { label: 'Credentials', Part: CredentialsPart },
  sources: { label: 'Sources', Part: SourcesPart },
  'sign-in': { label: 'Sign-in and origins', Part: SignInPart },
  backups: { label: 'Backups', Part: BackupsPart },
  limits: { label: 'Limits and use', Part: LimitsPart },
  project: { label: 'Ending', Part: ProjectPart },
};

/** Who belongs to the project, what opens it, and what keeps it. */
export function SettingsPage() {
  const { address } = usePlane();
  const { part: chosen = 'members' } = route.useSearch();
  const { Part } = parts[chosen];
  return (
    <div className={styles.page}>
      <h1>Settings</h1>
      <nav className={styles.parts} aria-label="Parts of the settings">
        {settingsParts.map((part) => (
          <Link
            key={part}
            to="/t/$project/settings"
            params={{ project: address }}
            search={{ part }}
            className={styles.part}
            aria-current={part === chosen ? 'page' : undefined}
            ref={part === chosen ? intoSight : undefined}
            activeProps={{}}
          >
            {parts[part].label}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        <Part key={chosen} />
      </div>
    </div>
  );
}

/** On a narrow screen the parts are wider than it. */
function intoSight(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
