import { printable } from '@countersign/client/printable';
import { X } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import styles from './filters.module.css';
import type { InboxSearch } from './inbox-search.ts';
import { type Pending, sourceOf, targetOf } from './pending.ts';

interface Props {
  readonly items: readonly Pending[];
  readonly search: InboxSearch;
  readonly onChange: (next: InboxSearch) => void;
}

const labels = { capability: 'Capability', source: 'Source', target: 'Target', by: 'Asked by' } as const;

/** What the list is narrowed to; kept in the address, so that a link shows the same. */
export function Filters({ items, search, onChange }: Props) {
  const choices = {
    capability: valuesOf(
      items.map(({ capability }) => capability),
      search.capability,
    ),
    source: valuesOf(items.map(sourceOf), search.source),
    target: valuesOf(items.map(targetOf), search.target),
    by: valuesOf(
      items.map(({ by }) => by),
      search.by,
    ),
  };
  // One that has nothing to choose from is not there.
  const names = (['capability', 'source', 'target', 'by'] as const).filter(
    (name) => choices[name].length > 0,
  );
  const isFiltered = names.some((name) => search[name] !== undefined);
  return (
    <div className={styles.filters}>
      {names.map((name) => (
        <select
          key={name}
          aria-label={labels[name]}
          className={styles.filter}
          value={search[name] ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...search, [name]: value === '' ? undefined : value })
          }
        >
          <option value="">{labels[name]}</option>
          {choices[name].map((value) => (
            <option key={value} value={value}>
              {printable(value)}
            </option>
          ))}
        </select>
      ))}
      {isFiltered ? (
        <Button
          isSmall
          look="plain"
          aria-label="Take the filters away"
          onClick={() => onChange({ item: search.item })}
        >
          <X size={15} aria-hidden />
        </Button>
      ) : null}
    </div>
  );
}

function valuesOf(values: readonly (string | undefined)[], chosen: string | undefined): readonly string[] {
  const known = values.filter((value) => value !== undefined);
  return [...new Set(chosen === undefined ? known : [...known, chosen])].toSorted();
}
