import type { RunDetail } from '@countersign/client/run-detail';
import { verifySubject } from '@countersign/protocol/ledger';
import { ShieldCheck, ShieldX } from 'lucide-react';
import { useMemo } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import styles from './run-chain.module.css';

/** Whether the entries of the run are what they say: found out here, not believed. */
export function RunChain({ run: { entries, is_complete, run_id } }: { readonly run: RunDetail }) {
  const { projectId } = usePlane();
  const holds = useMemo(() => {
    if (entries == null) return undefined;
    const [first] = entries;
    const before =
      is_complete === true ||
      first === undefined ||
      first.prev_subject_seq === null ||
      first.prev_subject_hash === null
        ? undefined
        : { seq: first.prev_subject_seq, hash: first.prev_subject_hash };
    return verifySubject(projectId, `run/${run_id}`, entries, before).ok;
  }, [entries, is_complete, projectId, run_id]);
  if (entries == null || holds === undefined) return null;
  return (
    <p className={holds ? styles.verified : styles.broken}>
      {holds ? <ShieldCheck size={17} aria-hidden /> : <ShieldX size={17} aria-hidden />}
      {holds
        ? `The chain of its ${entries.length.toLocaleString()} entries was verified here, in your browser.`
        : 'The chain of its entries does not verify. Do not decide by it, and tell whoever runs this plane.'}
    </p>
  );
}
