import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { effectOf } from '@countersign/client/proposal-effect';
import { isSame, type RowEffect } from '@countersign/client/row-effect';
import { boundText } from '../format/bound.ts';
import { Notice } from '../ui/notice.tsx';
import { Foreign, Value } from '../ui/value.tsx';
import styles from './effect-table.module.css';

/** What would happen, row by row and column by column, before everything else: this is what an approval binds. */
export function EffectTable({ detail }: { readonly detail: ProposalDetail }) {
  const { differences, drift, isSeen, rows } = effectOf(detail);
  const row = { ...detail.change_set?.before, ...detail.rehearsal?.before };
  const [first, second] = rows;
  const unchanged = second === undefined ? (first?.unchanged ?? []) : [];
  const isTitled = second !== undefined || (first !== undefined && first.kind !== 'updated');
  return (
    <div className={styles.effect}>
      {first === undefined ? (
        <Notice
          tone="bad"
          title="The rows of this change cannot be read here."
          next="Do not decide on it here."
        />
      ) : null}
      {rows.map((effect) => (
        <RowTable
          key={JSON.stringify(effect.key ?? null)}
          effect={effect}
          bounds={detail.bounds}
          isTitled={isTitled}
          row={{ ...effect.before, ...(isTitled ? {} : row) }}
        />
      ))}
      {isSeen ? null : (
        <Notice
          tone="warn"
          title="Nobody has looked at the row yet, so no exact change is known."
          next="Ask for a fresh look."
        />
      )}
      {differences.length === 0 ? null : (
        <Notice
          tone="bad"
          title="When a runner tried it, the row came out otherwise than this proposal says."
          isUrgent
        >
          <ul>
            {differences.map(({ column, expected, given, isWritten }) => (
              <li key={column}>
                <Foreign text={column} />: the runner got <Value value={given} column={column} row={row} />,
                the proposal {isWritten ? 'writes' : 'does not write it and says'}{' '}
                <Value value={expected} column={column} row={row} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {drift.length === 0 ? null : <DriftTable detail={detail} drift={drift} row={row} />}
      {unchanged.length === 0 ? null : (
        <details className={styles.unchanged}>
          <summary>{unchanged.length} more of the row, which stay as they are</summary>
          <dl>
            {unchanged.map(({ column, value }) => (
              <div key={column}>
                <dt>
                  <Foreign text={column} />
                </dt>
                <dd>
                  <Value value={value} column={column} row={row} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

interface RowProps {
  readonly effect: RowEffect;
  readonly bounds: ProposalDetail['bounds'];
  readonly isTitled: boolean;
  readonly row: Readonly<Record<string, unknown>>;
}

const titles = { updated: 'changes', inserted: 'makes a new row', deleted: 'REMOVES the row' } as const;

/** There is no row before it is made, and none after it is removed: that is not the same as a value not known. */
function RowTable({ effect, bounds, isTitled, row }: RowProps) {
  const { changes, key, kind } = effect;
  const isBounded = changes.some(({ column }) => bounds?.[column] !== undefined);
  return (
    <table className={styles.table}>
      <caption className={isTitled ? undefined : styles.hidden}>
        {isTitled ? titles[kind] : 'What the change does, column by column'}
        {isTitled && key !== undefined ? (
          <Foreign text={` ${key.column} = ${JSON.stringify(key.value)}`} />
        ) : null}
      </caption>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
          {isBounded ? <th scope="col">Bound</th> : null}
        </tr>
      </thead>
      <tbody>
        {changes.map(({ after, before, column }) => (
          <tr key={column} data-same={isSame(before, after) || undefined}>
            <th scope="row">
              <Foreign text={column} />
            </th>
            <td className={styles.before}>
              {kind === 'inserted' ? 'no row' : <Value value={before} column={column} row={row} />}
            </td>
            <td className={styles.after}>
              {kind === 'deleted' ? 'no row' : <Value value={after} column={column} row={row} />}
            </td>
            {isBounded ? <td className={styles.bound}>{boundText(column, bounds?.[column], row)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DriftProps {
  readonly detail: ProposalDetail;
  readonly drift: ReturnType<typeof effectOf>['drift'];
  readonly row: Readonly<Record<string, unknown>>;
}

/** Three ways: as it was when it was proposed, as it is now, and as it would be. */
function DriftTable({ detail, drift, row }: DriftProps) {
  const { change_set } = detail;
  const after = { ...change_set?.after, ...change_set?.patch };
  return (
    <Notice tone="warn" title="The row has changed since this was proposed." isUrgent>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">When proposed</th>
            <th scope="col">Now</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {drift.map(({ column, now }) => (
            <tr key={column}>
              <th scope="row">
                <Foreign text={column} />
              </th>
              <td>
                <Value value={change_set?.before?.[column]} column={column} row={row} />
              </td>
              <td>
                <Value value={now} column={column} row={row} />
              </td>
              <td>
                <Value value={after[column]} column={column} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Notice>
  );
}
