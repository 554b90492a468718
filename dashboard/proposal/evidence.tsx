import { printableJson } from '@countersign/client/printable';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import styles from './evidence.module.css';

/** What was read before it was proposed; asked for once somebody wants to see it. */
export function Evidence({ proposalId }: { readonly proposalId: string }) {
  const { projectId, record } = usePlane();
  const [isOpen, setOpen] = useState(false);
  const mayRead = useMay('read-evidence');
  const { data, error } = useQuery({
    queryKey: [projectId, 'evidence', proposalId],
    queryFn: ({ signal }) => record.evidence(proposalId, { signal }),
    enabled: isOpen && mayRead,
  });
  if (!mayRead) return null;
  const { ok: _ok, ...shown } = data ?? {};
  return (
    <details className={styles.evidence} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Evidence: what was read, and by which queries</summary>
      {error === null ? null : <Fault error={error} />}
      {data === undefined ? null : (
        <pre className={styles.text}>
          <bdi>{printableJson(shown)}</bdi>
        </pre>
      )}
    </details>
  );
}
