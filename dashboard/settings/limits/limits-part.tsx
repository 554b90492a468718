import { Meter } from '@base-ui/react/meter';
import type { LimitView } from '@countersign/client/fleet-api';
import { useQuery } from '@tanstack/react-query';
import { DataTable } from '../../forms/data-table.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Chip } from '../../ui/chip.tsx';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { Foreign } from '../../ui/value.tsx';
import { When } from '../../ui/when.tsx';
import { Section } from '../section.tsx';
import { fullness, usedText } from './limit-use.ts';
import styles from './limits-part.module.css';

const LOOKED_AGAIN_MS = 5_000;

/** How much of each limit is used up. */
export function LimitsPart() {
  const { projectId } = usePlane();
  const { fleet } = useProjectApis(projectId);
  const { data, error, refetch } = useQuery({
    queryKey: [projectId, 'limits'],
    queryFn: ({ signal }) => fleet.limits({ signal }),
    refetchInterval: LOOKED_AGAIN_MS,
  });
  return (
    <Section
      title="Limits and use"
      about="Whoever runs this installation sets them. A limit a minute fills again evenly, and its use is what whoever uses most of it has used. Beyond a limit requests are refused with its name (429, limit_reached); from four fifths on they are warned."
    >
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label="Limits and use"
          rows={data.limits}
          keyOf={({ name }) => name}
          columns={[
            { title: 'What is counted', of: (limit) => <LimitName limit={limit} /> },
            { title: 'Used', of: (limit) => <Use limit={limit} /> },
            {
              title: 'Last near',
              of: ({ neared_at }) => (neared_at == null ? 'never' : <When at={neared_at} />),
            },
          ]}
          empty="This installation names no limits."
        />
      )}
    </Section>
  );
}

function LimitName({ limit: { counts, name } }: { readonly limit: LimitView }) {
  return (
    <>
      <Foreign text={counts ?? name} />
      <code className={styles.name}>{name}</code>
    </>
  );
}

function Use({ limit }: { readonly limit: LimitView }) {
  const level = fullness(limit);
  return (
    <Meter.Root
      className={styles.use}
      value={Math.min(limit.used, limit.limit)}
      max={limit.limit}
      aria-label={limit.counts ?? limit.name}
      aria-valuetext={usedText(limit)}
    >
      <Meter.Track className={styles.track}>
        <Meter.Indicator className={styles.bar} data-level={level} />
      </Meter.Track>
      <span className={styles.count}>
        {usedText(limit)}
        {level === 'low' ? null : (
          <Chip tone={level === 'full' ? 'bad' : 'warn'}>{level === 'full' ? 'used up' : 'near'}</Chip>
        )}
      </span>
    </Meter.Root>
  );
}
