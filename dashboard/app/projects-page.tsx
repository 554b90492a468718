import { createAccountApi } from '@countersign/client/account-api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useEffect } from 'react';
import { knownProjects } from '../plane/known-projects.ts';
import { connectionTo } from '../plane/plane.ts';
import { readSignInSettings } from '../sign-in/settings.ts';
import { Chip } from '../ui/chip.tsx';
import { Fault } from '../ui/fault.tsx';
import { Masthead } from '../ui/masthead.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import styles from './projects-page.module.css';

/** Which project somebody means: their own, and those that this browser has opened before. */
export function ProjectsPage() {
  const navigate = useNavigate();
  const settings = useQuery({
    queryKey: ['sign-in-settings'],
    queryFn: ({ signal }) => readSignInSettings(signal),
  });
  const own = useQuery({
    queryKey: ['own-projects'],
    queryFn: ({ signal }) => createAccountApi(connectionTo()).projects({ signal }),
  });
  const usual = settings.data?.default_project ?? undefined;
  const known = knownProjects();
  const isSettled = settings.isSuccess && own.isSuccess;
  const others = own.data?.projects ?? [];
  const only = isSettled && known.length === 0 && others.length === 0 ? usual : undefined;
  useEffect(() => {
    if (only !== undefined) void navigate({ to: '/t/$project', params: { project: only }, replace: true });
  }, [only, navigate]);
  if (own.error !== null) return <Fault error={own.error} onRetry={() => void own.refetch()} />;
  if (!isSettled || only !== undefined) return <PageWait />;
  const named = new Set(others.flatMap(({ label, project_id }) => [label, project_id]));
  const isNew = usual !== undefined && !known.some(({ address, id }) => address === usual || id === usual);
  const visited = [...known, ...(isNew ? [{ address: usual, id: usual }] : [])].filter(
    ({ address, id }) => !named.has(address) && !named.has(id),
  );
  return (
    <>
      <Masthead />
      <main className={styles.page}>
        <header className={styles.head}>
          <h1>Your projects</h1>
          {settings.data?.is_sign_up_open === true ? (
            <Link to="/new" className={styles.create}>
              <Plus size={17} aria-hidden /> New project
            </Link>
          ) : null}
        </header>
        <ul className={styles.list}>
          {others.map(({ label, project_id, status }) => (
            <li key={project_id}>
              <Link
                {...(status === 'active' || status === 'draining'
                  ? { to: '/t/$project', params: { project: label } }
                  : status === 'provisioning'
                    ? { to: '/new/$label', params: { label } }
                    : { to: '/kept/$project', params: { project: project_id } })}
                className={styles.project}
              >
                <strong>{label}</strong>
                <code>{project_id}</code>
                <Chip tone={status === 'active' ? 'good' : 'warn'}>{status}</Chip>
              </Link>
            </li>
          ))}
          {visited.map(({ address, id }) => (
            <li key={id}>
              <Link to="/t/$project" params={{ project: address }} className={styles.project}>
                <strong>{address}</strong>
                {id === address ? null : <code>{id}</code>}
              </Link>
            </li>
          ))}
        </ul>
        <p className={styles.hint}>
          A project in which you are a member and not the owner is opened by the link that you were sent, or
          by its name in the address: <code>{location.origin}/t/name</code>
        </p>
      </main>
    </>
  );
}
