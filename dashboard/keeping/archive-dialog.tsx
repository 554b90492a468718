import { MeantDialog } from '../forms/meant-dialog.tsx';
import { useProjectApis } from '../plane/project-apis.ts';

interface Props {
  readonly projectId: string;
  readonly onBegun: () => void;
  readonly onClose: () => void;
}

/** Puts a project away. */
export function ArchiveDialog({ projectId, onBegun, onClose }: Props) {
  const { backups } = useProjectApis(projectId);
  return (
    <MeantDialog
      title="Put the project away"
      action="Put it away"
      reason="needed"
      onDo={({ idempotencyKey, reason }) => backups.archive(reason ?? '', { idempotencyKey })}
      onDone={onBegun}
      onClose={onClose}
    >
      <p>
        Nothing new is leased from now on, and what is leased may end. Then nobody is served any more, you
        included, and a copy is made and read again from the first entry to the last.
      </p>
      <p>
        You are named its owner: you alone can look at its copies, serve it again, or end it. Your databases
        are not touched.
      </p>
    </MeantDialog>
  );
}
