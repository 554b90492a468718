import { printable } from '@countersign/client/printable';
import type { SearchResult } from '@countersign/client/search-result';
import { Link } from '@tanstack/react-router';
import { usePlane } from '../plane/plane-context.ts';
import { Chip } from '../ui/chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './found.module.css';

/** Something that was found, with the words around. */
export function FoundLine({ result }: { readonly result: SearchResult }) {
  const { address } = usePlane();
  const { at, handle, kind, marked, proposal_id, type } = result;
  return (
    <li className={styles.result}>
      <p className={styles.about}>
        <Chip>{kind ?? 'entry'}</Chip>
        {proposal_id == null ? (
          <Foreign text={handle ?? ''} />
        ) : (
          <Link to="/t/$project/proposals/$proposalId" params={{ project: address, proposalId: proposal_id }}>
            <Foreign text={proposal_id} />
          </Link>
        )}
        <span className={styles.type}>
          <Foreign text={type ?? ''} />
        </span>
        {at == null ? null : (
          <span className={styles.at}>
            <When at={at} />
          </span>
        )}
      </p>
      <p className={styles.snippet}>
        <bdi>
          {placed(marked ?? []).map(({ at: place, is_match, text }) =>
            is_match ? (
              <mark key={place}>{printable(text)}</mark>
            ) : (
              <span key={place}>{printable(text)}</span>
            ),
          )}
        </bdi>
      </p>
    </li>
  );
}

type Piece = NonNullable<SearchResult['marked']>[number];

/** Each piece of a text with where it begins there. */
function placed(pieces: readonly Piece[]): readonly (Piece & { readonly at: number })[] {
  let at = 0;
  return pieces.map((piece) => {
    const begins = at;
    at += piece.text.length;
    return { ...piece, at: begins };
  });
}
