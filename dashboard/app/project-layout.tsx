import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { LiveProvider } from '../live/live-provider.tsx';
import { callerIn } from '../plane/find-plane.ts';
import { forgetProject, rememberProject } from '../plane/known-projects.ts';
import { createPlane } from '../plane/plane.ts';
import { PlaneContext } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Shell } from './shell.tsx';

const route = getRouteApi('/gate/t/$project');

/** Everything about one project: who the reader is there comes first, and what they may see follows from it. */
export function ProjectLayout() {
  const { project } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['caller', project],
    queryFn: ({ signal }) => callerIn(project, signal),
  });
  const plane = useMemo(() => (data === undefined ? undefined : createPlane(project, data)), [data, project]);
  useEffect(() => {
    if (data !== undefined) rememberProject({ address: project, id: data.project_id });
    else if (error !== null) forgetProject(project);
  }, [data, error, project]);
  if (plane === undefined) {
    return error === null ? (
      <PageWait />
    ) : (
      <main>
        <Fault error={error} onRetry={() => void refetch()} />
        <p>
          Where it is yours and closed:{' '}
          <Link to="/kept/$project" params={{ project }}>
            what is kept of it
          </Link>
          . <Link to="/">Your projects</Link>
        </p>
      </main>
    );
  }
  return (
    <PlaneContext value={plane}>
      <LiveProvider>
        <Shell>
          <Outlet />
        </Shell>
      </LiveProvider>
    </PlaneContext>
  );
}
