import { printable } from '@countersign/client/printable';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { X } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import styles from './filters.module.css';
import type { InboxSearch } from './inbox-search.ts';
import { capabilityOf } from './pending.ts';

interface Props {
  readonly items: readonly ProposalDetail[];
  readonly search: InboxSearch;
  readonly onChange: (next: InboxSearch) => void;
}

/** What the list is narrowed to; kept in the address, so that a link shows the same. */
export function Filters({ items, search, onChange }: Props) {
  const choices = {
    capability: valuesOf(items.map(capabilityOf), search.capability),
    source: valuesOf(
      items.map(({ source_id }) => source_id),
      search.source,
    ),
    by: valuesOf(
      items.map(({ proposed_by }) => proposed_by?.id),
      search.by,
    ),
  };
  const names = { capability: 'Capability', source: 'Source', by: 'Asked by' } as const;
  const isFiltered =
    search.capability !== undefined || search.source !== undefined || search.by !== undefined;
  return (
    <div className={styles.filters}>
      {(['capability', 'source', 'by'] as const).map((name) => (
        <select
          key={name}
          aria-label={names[name]}
          className={styles.filter}
          value={search[name] ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...search, [name]: value === '' ? undefined : value })
          }
        >
          <option value="">{names[name]}</option>
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

function valuesOf(
  values: readonly (string | null | undefined)[],
  chosen: string | undefined,
): readonly string[] {
  const known = values.filter((value) => value != null);
  return [...new Set(chosen === undefined ? known : [...known, chosen])].toSorted();
}
