import { Download, ShieldCheck } from 'lucide-react';
import { useProof } from '../ledger/use-proof.ts';
import { Verdict } from '../ledger/verdict.tsx';
import { useMay } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import styles from './proposal-proof.module.css';

/** The entries of one proposal as a file, which can be verified alone and offline. */
export function ProposalProof({ proposalId }: { readonly proposalId: string }) {
  const mayExport = useMay('export-ledger');
  const { data, error, isPending, mutate } = useProof(proposalId);
  const refused = mayExport
    ? undefined
    : 'Your roles do not include exporting: owners, admins and auditors may.';
  return (
    <section className={styles.proof} aria-labelledby="proof">
      <h2 id="proof">Proof</h2>
      <p className={styles.text}>
        Its entries as a file, whole and verified before you get it. <code>countersign verify</code> checks it
        offline.
      </p>
      <div className={styles.ways}>
        <Button
          isSmall
          refusedBecause={refused}
          disabled={isPending}
          onClick={() => mutate({ wanted: 'file' })}
        >
          <Download size={15} aria-hidden /> Export its entries
        </Button>
        <Button
          isSmall
          look="plain"
          refusedBecause={refused}
          disabled={isPending}
          onClick={() => mutate({ wanted: 'verdict' })}
        >
          <ShieldCheck size={15} aria-hidden /> Verify only
        </Button>
      </div>
      {refused === undefined ? null : <p className={styles.text}>{refused}</p>}
      {error === null ? null : <Fault error={error} />}
      <div role="status">{data === undefined ? null : <Verdict verdict={data.verdict} />}</div>
    </section>
  );
}
