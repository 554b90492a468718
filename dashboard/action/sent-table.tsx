import type { ActionDetail } from '@countersign/client/action-detail';
import { Foreign, Value } from '../ui/value.tsx';
import styles from './sent-table.module.css';

/** What would be sent, and to which account, before everything else: this is what an approval binds. */
export function SentTable({ detail }: { readonly detail: ActionDetail }) {
  const input = detail.input ?? {};
  const fields = Object.entries(input);
  return (
    <div className={styles.sent}>
      <dl className={styles.target}>
        <div>
          <dt>{(detail.attempts ?? 0) > 0 ? 'Through' : 'Would go through'}</dt>
          <dd>
            <Foreign text={detail.provider ?? 'an unknown provider'} />
          </dd>
        </div>
        <div>
          <dt>To the account</dt>
          <dd>
            <Foreign text={detail.target ?? 'not known'} />
          </dd>
        </div>
      </dl>
      <table className={styles.table}>
        <caption className={styles.hidden}>What is sent, field by field</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">What is sent</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <Foreign text={name} />
              </th>
              <td>
                <Value value={value} column={name} row={input} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {fields.length === 0 ? <p className={styles.nothing}>It sends no field.</p> : null}
    </div>
  );
}
