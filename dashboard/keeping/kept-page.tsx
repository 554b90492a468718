import { ApiError } from '@countersign/client/api-error';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { callerIn } from '../plane/find-plane.ts';
import { forgetProject } from '../plane/known-projects.ts';
import { Fault } from '../ui/fault.tsx';
import { Masthead } from '../ui/masthead.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import styles from './kept-page.module.css';
import { KeptWays } from './kept-ways.tsx';
import { useBackups } from './use-backups.ts';
import { WorkLines } from './work-lines.tsx';

const route = getRouteApi('/gate/kept/$project');
const LOOKED_AGAIN_MS = 2_000;

/** A project that is closed, or being closed or brought back, as its owner alone sees it. */
export function KeptPage() {
  const { project } = route.useParams();
  const copies = useBackups(project, true);
  const served = useQuery({
    queryKey: ['caller', project],
    queryFn: ({ signal }) => callerIn(project, signal),
    refetchInterval: LOOKED_AGAIN_MS,
  });
  const isServed = served.isSuccess && !served.isRefetchError;
  const isGone = copies.data !== undefined && isNotFound(copies.error) && !isServed;
  useEffect(() => {
    if (isGone) forgetProject(project);
  }, [isGone, project]);
  const isGoing = copies.data?.work.some(({ state }) => state === 'going') === true;
  return (
    <>
      <Masthead />
      <main className={styles.page}>
        <h1>What is kept of a project</h1>
        <p>
          <code>{project}</code>
        </p>
        {isGone ? (
          <Notice
            title="It is gone. Nobody can tell any more that there was one."
            next={<Link to="/">Your projects</Link>}
          />
        ) : (
          <>
            {copies.error === null ? null : (
              <Fault error={copies.error} onRetry={() => void copies.refetch()} />
            )}
            {copies.data === undefined ? (
              copies.error === null ? (
                <PageWait />
              ) : null
            ) : (
              <>
                <div aria-live="polite">
                  <Notice tone={isServed ? 'good' : 'warn'} title={standing(isServed, isGoing)} />
                </div>
                <WorkLines work={copies.data.work} />
                <KeptWays projectId={project} backups={copies.data} isServed={isServed} isGoing={isGoing} />
              </>
            )}
            {isServed ? (
              <p>
                <Link to="/t/$project" params={{ project }}>
                  Open the project
                </Link>
              </p>
            ) : null}
          </>
        )}
      </main>
    </>
  );
}

function standing(isServed: boolean, isGoing: boolean): string {
  if (isServed) return isGoing ? 'It is served, and something is under way.' : 'It is served.';
  return isGoing
    ? 'It is closed while this is under way: nobody is served. What is begun goes on by itself.'
    : 'It is closed: nobody is served. You alone are answered, as its owner.';
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'project_not_found';
}
