import { useId, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { ActDialog } from './act-dialog.tsx';
import styles from './freeze-dialog.module.css';
import { heldBack, lengths, type ScopeKind, scopeKinds, scopeOf } from './freeze-scope.ts';
import { useRunners } from './use-fleet.ts';

interface Props {
  readonly kind?: ScopeKind;
  readonly id?: string;
  readonly onClose: () => void;
}

/** Which part is held back, how long, and why. */
export function FreezeDialog({ kind: first = 'source', id: firstId = '', onClose }: Props) {
  const { fleet } = usePlane();
  const { data: runners = [] } = useRunners();
  const [kind, setKind] = useState<ScopeKind>(first);
  const [id, setId] = useState(firstId);
  const [length, setLength] = useState(0);
  const fields = useId();
  const known =
    kind === 'source'
      ? [...new Set(runners.flatMap(({ source_ids }) => source_ids ?? []))]
      : kind === 'runner'
        ? runners.map(({ runner_id }) => runner_id)
        : [];
  return (
    <ActDialog
      draft={`freeze.${first}.${firstId}`}
      title="Freeze a part of the work"
      action="Freeze it"
      act={async (reason, options) => {
        const scope = scopeOf(kind, id);
        if (scope === undefined) throw new TypeError(`say which ${kind}, by its id`);
        const [, forMs] = lengths[length] ?? lengths[0];
        const until = forMs === null ? {} : { until: new Date(Date.now() + forMs).toISOString() };
        return fleet.freeze({ scope, reason, ...until }, options);
      }}
      onClose={onClose}
    >
      <div className={styles.fields}>
        <label htmlFor={`${fields}kind`}>Of</label>
        <select
          id={`${fields}kind`}
          className={styles.field}
          value={kind}
          onChange={({ currentTarget: { value } }) =>
            setKind(scopeKinds.find((one) => one === value) ?? 'source')
          }
        >
          {scopeKinds.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        {kind === 'project' ? null : (
          <>
            <label htmlFor={`${fields}id`}>Its id</label>
            <input
              id={`${fields}id`}
              className={styles.field}
              list={`${fields}known`}
              required
              spellCheck={false}
              autoComplete="off"
              value={id}
              onChange={({ currentTarget: { value } }) => setId(value)}
            />
            <datalist id={`${fields}known`}>
              {known.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          </>
        )}
        <label htmlFor={`${fields}length`}>For</label>
        <select
          id={`${fields}length`}
          className={styles.field}
          value={length}
          onChange={({ currentTarget: { value } }) => setLength(Number(value))}
        >
          {lengths.map(([text], place) => (
            <option key={text} value={place}>
              {text}
            </option>
          ))}
        </select>
      </div>
      <p className={styles.what}>
        Holds back {heldBack[kind]}. A write that was leased before may begin for ten seconds more. Proposals
        and decisions go on, and nothing is lost.
      </p>
    </ActDialog>
  );
}
