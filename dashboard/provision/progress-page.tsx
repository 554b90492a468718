import { createAccountApi, type ProjectProgress } from '@countersign/client/account-api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { connectionTo } from '../plane/plane.ts';
import { Fault } from '../ui/fault.tsx';
import { Masthead } from '../ui/masthead.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Foreign } from '../ui/value.tsx';
import { FirstRunner } from './first-runner.tsx';
import { ProgressSteps } from './progress-steps.tsx';
import styles from './provision.module.css';

const route = getRouteApi('/gate/new/$label');
/** The plane holds each look until there is something new, so this is no pause to speak of. */
const LOOKED_AGAIN_MS = 250;

/** How far a project has come, and then the way to its first runner and proposal. */
export function ProgressPage() {
  const { label } = route.useParams();
  const client = useQueryClient();
  const queryKey = ['provisioning', label];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const known = client.getQueryData<ProjectProgress>(queryKey);
      return createAccountApi(connectionTo()).progress(label, known?.revision, { signal });
    },
    refetchInterval: ({ state }) => (isOver(state.data) ? false : LOOKED_AGAIN_MS),
  });
  return (
    <>
      <Masthead />
      <main className={styles.page}>
        <Link to="/" className={styles.back}>
          Your projects
        </Link>
        <h1>
          <Foreign text={label} />
        </h1>
        {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
        {data === undefined ? (
          error === null ? (
            <PageWait />
          ) : null
        ) : (
          <>
            <ProgressSteps progress={data} />
            {data.state === 'undone' ? <Undone progress={data} /> : null}
            {data.state === 'done' ? <FirstRunner label={label} projectId={data.project_id} /> : null}
          </>
        )}
      </main>
    </>
  );
}

function isOver(progress: ProjectProgress | undefined): boolean {
  return progress?.state === 'done' || progress?.state === 'undone';
}

function Undone({ progress: { failure } }: { readonly progress: ProjectProgress }) {
  const why = failure === null ? '' : `: ${failure.step.replaceAll('_', ' ')} failed with ${failure.trouble}`;
  return (
    <Notice
      tone="bad"
      title={<Foreign text={`It was not made${why}.`} />}
      next={
        <>
          Nothing of it is left, and its label is free. <Link to="/new">Ask again</Link>, or tell whoever runs
          this installation.
        </>
      }
      isUrgent
    />
  );
}
