import { SelectField, TextField } from '../forms/field.tsx';
import styles from './provision.module.css';
import type { WishText } from './wish.ts';

interface Props {
  readonly text: WishText;
  readonly onChange: (text: WishText) => void;
}

/** The database that a runner will write, by id. */
export function SourceFields({ text, onChange }: Props) {
  return (
    <fieldset className={styles.source}>
      <legend>Source</legend>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={text.hasSource}
          onChange={({ currentTarget }) => onChange({ ...text, hasSource: currentTarget.checked })}
        />
        A runner of mine will write a database
      </label>
      {text.hasSource ? (
        <>
          <p className={styles.soft}>Its address and password stay with your runner, and never come here.</p>
          <div className={styles.pair}>
            <TextField
              label="Id"
              hint="As contracts and runners name it."
              value={text.sourceId}
              onChange={({ currentTarget }) => onChange({ ...text, sourceId: currentTarget.value })}
            />
            <TextField
              label="Name"
              hint="As people know it."
              value={text.sourceName}
              maxLength={120}
              onChange={({ currentTarget }) => onChange({ ...text, sourceName: currentTarget.value })}
            />
          </div>
          <SelectField
            label="Engine"
            value={text.engine}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...text, engine: value === 'mysql' ? 'mysql' : 'postgres' })
            }
          >
            <option value="postgres">PostgreSQL</option>
            <option value="mysql">MySQL or MariaDB</option>
          </SelectField>
        </>
      ) : null}
    </fieldset>
  );
}
