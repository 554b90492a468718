import { Download, ShieldCheck } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import styles from './proof.module.css';
import { useProof } from './use-proof.ts';
import { Verdict } from './verdict.tsx';

/** The whole record, verified in the browser, and as a file. */
export function Proof() {
  const { data, error, isPending, lines, mutate } = useProof();
  return (
    <div className={styles.proof}>
      <p>
        Every entry holds the hash of the one before it. Here the whole record is read from the plane, and
        each hash is computed anew by the same code that <code>countersign verify</code> runs. What the plane
        says about it is not believed.
      </p>
      <div className={styles.ways}>
        <Button look="main" disabled={isPending} onClick={() => mutate('verdict')}>
          <ShieldCheck size={17} aria-hidden /> Verify here
        </Button>
        <Button disabled={isPending} onClick={() => mutate('file')}>
          <Download size={17} aria-hidden /> Export as a file
        </Button>
      </div>
      <p className={styles.progress} role="status">
        {isPending ? `${lines.toLocaleString()} entries verified so far` : ''}
      </p>
      {error === null ? null : <Fault error={error} />}
      {data === undefined ? null : <Verdict verdict={data} />}
      {data?.ok === true ? <KnownHead head={data.manifest.head_hash} /> : null}
      <section className={styles.limits} aria-labelledby="proof-limits">
        <h2 id="proof-limits">What this does not show</h2>
        <p>
          That nobody cut off the end and sealed the rest anew. Keep the last hash somewhere that the plane
          cannot write, and compare it later: the record must still hold it.
        </p>
        <p>
          The same on the command line: <code>countersign ledger export -o ledger.ndjson</code>, then{' '}
          <code>countersign verify ledger.ndjson</code>. A file is given only when it is whole and holds.
        </p>
      </section>
    </div>
  );
}

/** Compares the end with one that was kept elsewhere. */
function KnownHead({ head }: { readonly head: string | null }) {
  const field = useId();
  const [known, setKnown] = useState('');
  const wanted = known.trim();
  return (
    <div className={styles.known}>
      <label htmlFor={field}>The last hash that you know</label>
      <input
        id={field}
        className={styles.hash}
        placeholder="sha256:"
        spellCheck={false}
        autoComplete="off"
        value={known}
        onChange={({ currentTarget: { value } }) => setKnown(value)}
      />
      <div role="status">
        {wanted === '' ? null : wanted === head ? (
          <Notice tone="good" title="It ends exactly there." />
        ) : (
          <Notice
            tone="warn"
            title="The record holds, and ends elsewhere than at the hash that you know."
            next="It may have grown since. Search the live tail for that hash, or verify the file that you kept."
          />
        )}
      </div>
    </div>
  );
}
