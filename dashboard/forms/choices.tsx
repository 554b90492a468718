import type { ReactNode } from 'react';
import { Foreign } from '../ui/value.tsx';
import styles from './choices.module.css';

export interface Choice {
  readonly value: string;
  /** What choosing it means. */
  readonly about?: ReactNode;
  readonly isDisabled?: boolean;
}

interface Props {
  readonly legend: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly isDense?: boolean;
}

/** Any of a closed list. */
export function Choices({ legend, choices, chosen, onChange, isDense = false }: Props) {
  return (
    <fieldset className={styles.choices} data-dense={isDense || undefined}>
      <legend>{legend}</legend>
      {choices.map(({ about, isDisabled = false, value }) => (
        <label key={value} className={styles.choice}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            disabled={isDisabled}
            onChange={({ currentTarget: { checked } }) =>
              onChange(checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
          <span>
            <strong>
              <Foreign text={value} />
            </strong>
            {about === undefined ? null : <span className={styles.about}> {about}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
