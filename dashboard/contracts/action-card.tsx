import type { ActionContract } from '@countersign/protocol/action/action-contract';
import { Foreign } from '../ui/value.tsx';
import { Fact } from './capability-card.tsx';
import styles from './card.module.css';
import { actionApprovalWords, inputColumns } from './contract-words.ts';

/** One effect outside of the database that an agent may intend. */
export function ActionCard({ action }: { readonly action: ActionContract }) {
  const { business_key, description, name, ordered_by, provider, target } = action;
  return (
    <article className={styles.card} aria-label={name}>
      <header>
        <h3 className={styles.name}>
          <Foreign text={name} />
        </h3>
        <p className={styles.effect}>
          <Foreign text={`Causes one effect at ${target} (${provider})`} />
        </p>
        {description === undefined ? null : (
          <p className={styles.description}>
            <Foreign text={description} />
          </p>
        )}
      </header>
      <table className={styles.columns}>
        <caption className={styles.hidden}>What {name} sends</caption>
        <thead>
          <tr>
            <th scope="col">Sends</th>
            <th scope="col">Value</th>
            <th scope="col">Bound</th>
          </tr>
        </thead>
        <tbody>
          {inputColumns(action).map(({ bound, column, from }) => (
            <tr key={column}>
              <th scope="row">
                <Foreign text={column} />
              </th>
              <td>
                <Foreign text={from} />
              </td>
              <td>{bound === '' ? '' : <Foreign text={bound} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className={styles.facts}>
        <Fact name="Who approves">{actionApprovalWords(action)}</Fact>
        <Fact name="Told apart by">
          <Foreign text={business_key.join(', ')} />
        </Fact>
        {ordered_by === undefined ? null : (
          <Fact name="One after another">
            <Foreign text={`where ${ordered_by.join(', ')} is the same`} />
          </Fact>
        )}
      </dl>
    </article>
  );
}
