import type { AgentContract, Capability } from '@countersign/protocol/contract/contract-document';
import type { ReactNode } from 'react';
import { Foreign } from '../ui/value.tsx';
import styles from './card.module.css';
import { approvalWords, effectWords, rowWords, writingWords, writtenColumns } from './contract-words.ts';
import { WordList } from './word-list.tsx';

interface Props {
  readonly contract: AgentContract;
  readonly capability: Capability;
}

/** One thing that an agent may ask for. */
export function CapabilityCard({ contract, capability }: Props) {
  const { description, evidence, kept_out_fields, model_withheld_fields, name, proposal, visible_fields } =
    capability;
  const columns = writtenColumns(capability);
  const lists: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['Sees', visible_fields],
    ['Never sees', kept_out_fields],
    ['Kept from the model', model_withheld_fields],
  ];
  return (
    <article className={styles.card} aria-label={name}>
      <header>
        <h3 className={styles.name}>
          <Foreign text={name} />
        </h3>
        <p className={styles.effect}>{effectWords(contract, capability)}</p>
        {description === undefined ? null : (
          <p className={styles.description}>
            <Foreign text={description} />
          </p>
        )}
      </header>
      {columns.length === 0 ? null : (
        <table className={styles.columns}>
          <caption className={styles.hidden}>The columns that {name} writes</caption>
          <thead>
            <tr>
              <th scope="col">Writes</th>
              <th scope="col">Value</th>
              <th scope="col">Bound</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ bound, column, from }) => (
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
      )}
      <dl className={styles.facts}>
        <Fact name="Which row">
          <WordList words={rowWords(contract, capability)} />
        </Fact>
        {proposal === undefined ? null : (
          <>
            <Fact name="Who approves">
              <WordList words={approvalWords(contract, proposal)} />
            </Fact>
            <Fact name="The write">
              <WordList words={writingWords(proposal)} />
            </Fact>
          </>
        )}
        {lists.map(([title, fields]) =>
          fields === undefined || fields.length === 0 ? null : (
            <Fact key={title} name={title}>
              <span className={styles.fields}>
                <Foreign text={fields.join(', ')} />
              </span>
            </Fact>
          ),
        )}
        {evidence?.required === true ? <Fact name="Evidence">what was read comes with it</Fact> : null}
      </dl>
    </article>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
