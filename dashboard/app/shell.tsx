import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { LiveMark } from '../live/live-mark.tsx';
import { usePlane } from '../plane/plane-context.ts';
import { readSignInSettings } from '../sign-in/settings.ts';
import { Mark } from '../ui/mark.tsx';
import { places } from './navigation.ts';
import styles from './shell.module.css';

// Not needed for the first look at a page, and heavier than all that is.
const PersonMenu = lazy(() => import('./person-menu.tsx').then(({ PersonMenu: it }) => ({ default: it })));
const ProjectMenu = lazy(() => import('./project-menu.tsx').then(({ ProjectMenu: it }) => ({ default: it })));

/** What stands around every page of a project. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { address, caller } = usePlane();
  const { data: settings } = useQuery({
    queryKey: ['sign-in-settings'],
    queryFn: ({ signal }) => readSignInSettings(signal),
  });
  const nav = useRef<HTMLElement>(null);
  const pathname = useLocation({ select: (location) => location.pathname });
  // `/t/acme/policies/...`
  const part = pathname.split('/')[3] ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a narrow screen the places are wider than it
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current="page"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        Skip to the page
      </a>
      <header className={styles.head}>
        <Link to="/" className={styles.mark} aria-label="Countersign: your projects">
          <Mark size={22} /> <span>Countersign</span>
        </Link>
        <Suspense fallback={<span className={styles.project}>{address}</span>}>
          <ProjectMenu />
        </Suspense>
        <div className={styles.end}>
          <LiveMark />
          <Suspense>
            <PersonMenu />
          </Suspense>
        </div>
      </header>
      {settings?.warning == null ? null : <p className={styles.warning}>{settings.warning}</p>}
      <nav ref={nav} className={styles.nav} aria-label="Pages of the project">
        {places
          .filter(({ may }) => caller.may.includes(may))
          .map(({ covers, icon: Icon, label, to }) => (
            <Link
              key={to}
              to={to}
              params={{ project: address }}
              className={styles.place}
              aria-current={covers?.includes(part) ? 'page' : undefined}
              activeProps={{ 'aria-current': 'page' }}
            >
              <Icon size={17} aria-hidden />
              <span>{label}</span>
            </Link>
          ))}
      </nav>
      <main id="content" className={styles.page} tabIndex={-1}>
        <Suspense>{children}</Suspense>
      </main>
    </div>
  );
}
