import { DataTable } from '../../forms/data-table.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { StateChip } from '../../ui/state-chip.tsx';
import { Foreign } from '../../ui/value.tsx';
import { Section } from '../section.tsx';
import { useSources } from './use-sources.ts';

/** The databases that the project knows. */
export function SourcesPart() {
  const { projectId } = usePlane();
  const { error, onMore, onRetry, rows } = useSources(projectId);
  return (
    <Section
      title="Sources"
      about="Databases of yours, by id. Their addresses and passwords are with your runners and never come here. A project is told of its sources when it is made."
    >
      {error === null ? null : <Fault error={error} onRetry={onRetry} />}
      {rows === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : (
        <DataTable
          label="Sources"
          rows={rows}
          keyOf={({ source_id }) => source_id}
          columns={[
            { title: 'Source', of: ({ source_id }) => <code>{source_id}</code> },
            { title: 'Name', of: ({ name }) => <Foreign text={name ?? 'without a name'} /> },
            { title: 'Engine', of: ({ engine }) => <Foreign text={engine ?? 'not known'} /> },
            { title: 'State', of: ({ status }) => <StateChip state={status ?? 'not known'} /> },
          ]}
          empty="This project knows no source, so nothing can be written for it. Its runners perform actions and work at tasks."
          onMore={onMore}
        />
      )}
    </Section>
  );
}
