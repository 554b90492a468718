import type { PieceOutline } from '@countersign/client/control-api';
import { type ControlKind, controlKinds } from '@countersign/protocol/control/control-document';
import { Link } from '@tanstack/react-router';
import sheet from '../in-force/sheet.module.css';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { kindWords } from './kinds.ts';
import { usePieces } from './use-registry.ts';

interface Props {
  readonly kind: ControlKind | undefined;
  readonly onKind: (kind: ControlKind | undefined) => void;
}

/** The pieces by kind, each with which version is in force. */
export function Pieces({ kind, onKind }: Props) {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = usePieces();
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <div className={sheet.empty}>
        <h2>Nothing is in the registry</h2>
        <p>
          Agents go by what their own programs say. Save a piece from its file:{' '}
          <code>countersign registry save prompt NAME FILE</code>
        </p>
      </div>
    );
  }
  const shown = controlKinds.filter((one) => kind === undefined || one === kind);
  return (
    <div className={sheet.part}>
      <label className={sheet.pick}>
        Kind
        <select
          value={kind ?? ''}
          onChange={({ currentTarget: { value } }) => onKind(controlKinds.find((one) => one === value))}
        >
          <option value="">all</option>
          {controlKinds.map((one) => (
            <option key={one} value={one}>
              {kindWords[one].title}
            </option>
          ))}
        </select>
      </label>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {shown.map((one) => (
        <KindTable key={one} kind={one} pieces={data.filter((piece) => piece.kind === one)} />
      ))}
      {hasNextPage ? (
        <div>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function KindTable({
  kind,
  pieces,
}: {
  readonly kind: ControlKind;
  readonly pieces: readonly PieceOutline[];
}) {
  const { address } = usePlane();
  const { about, title } = kindWords[kind];
  return (
    <section className={sheet.part} aria-label={title}>
      <h2>
        {title} <span className={sheet.small}>{about}</span>
      </h2>
      {pieces.length === 0 ? (
        <p className={sheet.small}>None.</p>
      ) : (
        <table className={classes(sheet.table, sheet.even)}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">In force</th>
              <th scope="col" className={sheet.wide}>
                Newest
              </th>
              <th scope="col" className={sheet.wide}>
                Changed
              </th>
            </tr>
          </thead>
          <tbody>
            {pieces.map(({ active_version, name, newest_version, status, updated_at }) => (
              <tr key={name}>
                <th scope="row">
                  <Link to="/t/$project/registry/$kind/$name" params={{ project: address, kind, name }}>
                    <Foreign text={name} />
                  </Link>
                </th>
                <td>
                  <StateChip state={status} />
                </td>
                <td>{active_version === null ? 'none' : `version ${active_version}`}</td>
                <td className={sheet.wide}>{newest_version === null ? '' : `version ${newest_version}`}</td>
                <td className={sheet.wide}>{updated_at == null ? null : <When at={updated_at} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
