import { proposalStates } from '@countersign/protocol/proposal-requests';
import { Search, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import styles from './proposal-filters.module.css';
import type { ProposalsSearch } from './proposals-search.ts';

interface Props {
  readonly search: ProposalsSearch;
  /** Sources that are in the list. */
  readonly sources: readonly string[];
  readonly onChange: (next: ProposalsSearch) => void;
}

/** What the list is narrowed to; kept in the address. The words are asked for once they are whole. */
export function ProposalFilters({ search, sources, onChange }: Props) {
  const [words, setWords] = useState(search.q ?? '');
  const known = [...new Set(search.source === undefined ? sources : [...sources, search.source])].toSorted();
  const isNarrowed = search.q !== undefined || search.source !== undefined || search.status !== undefined;
  return (
    <search className={styles.filters}>
      <form
        className={styles.words}
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ ...search, q: words.trim() === '' ? undefined : words.trim() });
        }}
      >
        <input
          type="search"
          aria-label="Words in proposals, their evidence and receipts"
          placeholder="Words, ids, amounts"
          className={styles.field}
          maxLength={400}
          value={words}
          onChange={({ currentTarget: { value } }) => setWords(value)}
        />
        <Button type="submit" aria-label="Search">
          <Search size={16} aria-hidden />
        </Button>
      </form>
      <select
        aria-label="State"
        className={styles.choice}
        value={search.status ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...search, status: proposalStates.find((state) => state === value) })
        }
      >
        <option value="">Every state</option>
        {proposalStates.map((state) => (
          <option key={state} value={state}>
            {state.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
      <select
        aria-label="Source"
        className={styles.choice}
        value={search.source ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...search, source: value === '' ? undefined : value })
        }
      >
        <option value="">Every source</option>
        {known.map((source) => (
          <option key={source} value={source}>
            {source}
          </option>
        ))}
      </select>
      {isNarrowed ? (
        <Button
          look="plain"
          onClick={() => {
            setWords('');
            onChange({});
          }}
        >
          <X size={15} aria-hidden /> Show all
        </Button>
      ) : null}
    </search>
  );
}
