import type { ExportVerdict } from '@countersign/protocol/verify-export';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './verdict.module.css';

/** What was verified, and up to where; or the first thing that does not hold. */
export function Verdict({ verdict }: { readonly verdict: ExportVerdict }) {
  if (!verdict.ok) {
    const { code, line, message } = verdict.fault;
    return (
      <Notice
        tone="bad"
        title="The record does not hold."
        next="Do not decide by it. Export it with the command line as well, and tell whoever runs this plane."
        isUrgent
      >
        <p>
          Line {line.toLocaleString()}: <code>{code}</code>, <Foreign text={message} />.{' '}
          {verdict.entries.toLocaleString()} entries were read.
        </p>
      </Notice>
    );
  }
  const { entries, exported_at, from_seq, head_hash, project_id, scope, subject, to_seq } = verdict.manifest;
  return (
    <Notice
      tone="good"
      title={`Verified here, in your browser: ${entries.toLocaleString()} ${entries === 1 ? 'entry' : 'entries'}, ${from_seq ?? 'none'} to ${to_seq ?? 'none'}.`}
    >
      <dl className={styles.facts}>
        <div>
          <dt>of</dt>
          <dd>
            {scope === 'whole' ? 'the whole record of ' : `${subject ?? ''} in `}
            {project_id}
          </dd>
        </div>
        <div>
          <dt>last hash</dt>
          <dd>{head_hash ?? 'none'}</dd>
        </div>
        <div>
          <dt>exported</dt>
          <dd>
            <When at={exported_at} />
          </dd>
        </div>
      </dl>
    </Notice>
  );
}
