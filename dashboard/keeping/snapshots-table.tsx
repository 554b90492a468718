import type { Snapshot } from '@countersign/client/backups-api';
import type { ReactNode } from 'react';
import { DataTable } from '../forms/data-table.tsx';
import { Chip } from '../ui/chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { sizeText, snapshotState } from './backup-words.ts';

interface Props {
  readonly snapshots: readonly Snapshot[];
  readonly actions: (snapshot: Snapshot) => ReactNode;
}

/** Every copy, and whether it was ever brought back. */
export function SnapshotsTable({ snapshots, actions }: Props) {
  return (
    <DataTable
      label="Snapshots"
      rows={snapshots}
      keyOf={({ snapshot_id }) => snapshot_id}
      columns={[
        { title: 'Snapshot', of: ({ snapshot_id }) => <code>{snapshot_id}</code> },
        { title: 'State', of: (snapshot) => <State snapshot={snapshot} /> },
        { title: 'Taken', of: ({ taken_at }) => <When at={taken_at} /> },
        { title: 'Proven', of: ({ proven_at }) => (proven_at == null ? 'never' : <When at={proven_at} />) },
        { title: 'Entries', of: ({ entries }) => entries.toLocaleString() },
        { title: 'Size', of: ({ bytes }) => sizeText(bytes) },
      ]}
      actions={actions}
      empty="There is no copy. Until there is one, what is lost here is lost."
    />
  );
}

function State({ snapshot }: { readonly snapshot: Snapshot }) {
  const { text, tone } = snapshotState(snapshot);
  return (
    <>
      <Chip tone={tone}>{text}</Chip>
      {snapshot.refused_because == null ? null : (
        <>
          {' '}
          <Foreign text={snapshot.refused_because} />
        </>
      )}
    </>
  );
}
