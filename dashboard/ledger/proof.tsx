import { Download, ShieldCheck } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import styles from './proof.module.css';
import { type Proof as ProofMade, useProof } from './use-proof.ts';
import { Verdict } from './verdict.tsx';

/** The whole record, verified in the browser, and as a file. */
export function Proof() {
  const { data, error, isPending, lines, mutate } = useProof();
  const field = useId();
  const [text, setText] = useState('');
  const known = text.trim() === '' ? undefined : text.trim();
  return (
    <div className={styles.proof}>
      <p>
        Every entry holds the hash of the one before it. Here the whole record is read from the plane, and
        each hash is computed anew by the same code that <code>countersign verify</code> runs. What the plane
        says about it is not believed.
      </p>
      <div className={styles.known}>
        <label htmlFor={field}>A hash that you kept from before, if you have one</label>
        <input
          id={field}
          className={styles.hash}
          placeholder="sha256:"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
      </div>
      <div className={styles.ways}>
        <Button look="main" disabled={isPending} onClick={() => mutate({ wanted: 'verdict', known })}>
          <ShieldCheck size={17} aria-hidden /> Verify here
        </Button>
        <Button disabled={isPending} onClick={() => mutate({ wanted: 'file', known })}>
          <Download size={17} aria-hidden /> Export as a file
        </Button>
      </div>
      <p className={styles.progress} role="status">
        {isPending ? `${lines.toLocaleString()} entries verified so far` : ''}
      </p>
      {error === null ? null : <Fault error={error} />}
      {data === undefined ? null : <Verdict verdict={data.verdict} />}
      {data?.verdict.ok === true ? <KnownEntry known={data.known} /> : null}
      <section className={styles.limits} aria-labelledby="proof-limits">
        <h2 id="proof-limits">What this does not show</h2>
        <p>
          That nobody cut off the end and sealed the rest anew. Keep the last hash somewhere that the plane
          cannot write, and give it here the next time: the record must still hold it.
        </p>
        <p>
          The same on the command line: <code>countersign ledger export -o ledger.ndjson</code>, then{' '}
          <code>countersign verify ledger.ndjson</code>. A file is given only when it is whole and holds.
        </p>
      </section>
    </div>
  );
}

/** Whether the record still holds an entry that was kept elsewhere. */
function KnownEntry({ known }: Pick<ProofMade, 'known'>) {
  if (known === undefined) return null;
  return known.seq === undefined ? (
    <Notice
      tone="bad"
      title="No entry has the hash that you know: the record is another one than it was."
      next="Compare it with the file that you kept, and tell whoever runs this plane."
      isUrgent
    >
      <code>{known.hash}</code>
    </Notice>
  ) : (
    <Notice
      tone="good"
      title={`It still holds the hash that you know, as entry ${known.seq.toLocaleString()}.`}
    />
  );
}
