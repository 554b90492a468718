import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useProjectApis } from '../plane/project-apis.ts';
import { useSources } from '../settings/sources/use-sources.ts';
import { Chip } from '../ui/chip.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Foreign } from '../ui/value.tsx';
import { Since } from '../ui/when.tsx';
import { FirstProposal } from './first-proposal.tsx';
import styles from './provision.module.css';
import { RunnerLines } from './runner-lines.tsx';
import { sampleOf } from './sample.ts';

interface Props {
  readonly label: string;
  readonly projectId: string;
}

const LOOKED_AGAIN_MS = 2_000;

/** From a project with nobody in it to a runner that beats, and to the first proposal. */
export function FirstRunner({ label, projectId }: Props) {
  const { fleet } = useProjectApis(projectId);
  const sources = useSources(projectId);
  const runners = useQuery({
    queryKey: [projectId, 'first-runner'],
    queryFn: async ({ signal }) => (await fleet.runners({}, { signal })).runners,
    refetchInterval: LOOKED_AGAIN_MS,
  });
  const online = runners.data?.find(({ status }) => status === 'online');
  // One that has stopped again takes nothing of what was begun from the page.
  const wasHeard = runners.data !== undefined && runners.data.length > 0;
  const [source] = sources.rows ?? [];
  const open = (
    <p>
      <Link to="/t/$project" params={{ project: label }}>
        Open the project
      </Link>
    </p>
  );
  if (sources.rows === undefined)
    return sources.error === null ? <PageWait /> : <Fault error={sources.error} onRetry={sources.onRetry} />;
  if (source === undefined) {
    return (
      <>
        <p>
          It has no source, so nothing can be written for it. A runner for its actions or tasks needs a token
          that names their targets or handlers: the settings make one.
        </p>
        {open}
      </>
    );
  }
  const sample = sampleOf(source.source_id, source.engine === 'mysql' ? 'mysql' : 'postgres');
  return (
    <>
      <section
        className={styles.part}
        data-done={online === undefined ? undefined : true}
        aria-label="The first runner"
      >
        <div className={styles.head} role="status">
          <h2>{online === undefined ? 'Start a runner in your network' : 'The runner beats'}</h2>
          {online === undefined ? (
            <Chip tone="warn">{wasHeard ? 'none is online now' : 'none was heard yet'}</Chip>
          ) : (
            <>
              <Chip tone="good">
                <Foreign text={online.runner_id} />
              </Chip>
              {online.last_seen_at == null ? null : (
                <span className={styles.soft}>
                  heard <Since at={online.last_seen_at} /> ago
                </span>
              )}
            </>
          )}
        </div>
        {runners.error === null ? null : <Fault error={runners.error} />}
        {online === undefined ? <RunnerLines projectId={projectId} sample={sample} /> : null}
      </section>
      {wasHeard ? <FirstProposal label={label} projectId={projectId} sample={sample} /> : null}
      {open}
    </>
  );
}
