import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ArchiveDialog } from '../../keeping/archive-dialog.tsx';
import { EndDialog } from '../../keeping/end-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../section.tsx';
import { useRefusal } from '../use-refusal.ts';

/** Putting the project away, and ending it. */
export function ProjectPart() {
  const { projectId } = usePlane();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'archive' | 'end' | null>(null);
  const refused = useRefusal('keep-project', 'an owner');
  const begun = () => void navigate({ to: '/kept/$project', params: { project: projectId } });
  return (
    <>
      <Section
        title="Put the project away"
        about="Work may end, then nobody is served any more, and a copy is made that is never pruned. Its owner can serve it again, fetch the copy, or end it."
        actions={
          <Button look="danger" refusedBecause={refused} onClick={() => setAsking('archive')}>
            Put it away
          </Button>
        }
      >
        {refused === undefined ? null : <p>{refused}</p>}
      </Section>
      <Section
        title="End the project"
        about="All of it goes for good: rows, keys, copies in the store, hosted machines. Put it away first, and fetch the archive, if anybody may ever ask what was decided here."
        actions={
          <Button look="danger" refusedBecause={refused} onClick={() => setAsking('end')}>
            End it
          </Button>
        }
      >
        {refused === undefined ? null : <p>{refused}</p>}
      </Section>
      {asking === 'archive' ? (
        <ArchiveDialog projectId={projectId} onBegun={begun} onClose={() => setAsking(null)} />
      ) : null}
      {asking === 'end' ? (
        <EndDialog projectId={projectId} onBegun={begun} onClose={() => setAsking(null)} />
      ) : null}
    </>
  );
}
