import { jurisdictions, regions } from '@countersign/protocol/provisioning/provision-wish';
import { SelectField } from '../forms/field.tsx';
import { jurisdictionNames, regionNames } from './places.ts';
import styles from './provision.module.css';
import type { WishText } from './wish.ts';

interface Props {
  readonly text: WishText;
  readonly onChange: (text: WishText) => void;
}

/** Where the record lies. */
export function PlaceFields({ text, onChange }: Props) {
  return (
    <div className={styles.pair}>
      <SelectField
        label="Region"
        hint="Where most of its people and runners are. It cannot be changed later."
        value={text.region}
        onChange={({ currentTarget }) => onChange({ ...text, region: currentTarget.value })}
      >
        <option value="">Near whoever asks first</option>
        {regions.map((region) => (
          <option key={region} value={region}>
            {regionNames[region]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Jurisdiction"
        hint="Where its record must stay, whatever the region."
        value={text.jurisdiction}
        onChange={({ currentTarget }) => onChange({ ...text, jurisdiction: currentTarget.value })}
      >
        <option value="">No such rule</option>
        {jurisdictions.map((jurisdiction) => (
          <option key={jurisdiction} value={jurisdiction}>
            {jurisdictionNames[jurisdiction]}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
