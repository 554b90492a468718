import type { PieceView } from '@countersign/client/control-api';
import type { ControlKind } from '@countersign/protocol/control/control-document';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import sheet from '../in-force/sheet.module.css';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { comparedVersions } from './compared.ts';
import { kindNamed, kindWords } from './kinds.ts';
import { PieceDiff } from './piece-diff.tsx';
import { RetirePiece } from './retire-piece.tsx';
import { usePiece } from './use-registry.ts';

const route = getRouteApi('/gate/t/$project/registry/$kind/$name');

/** One piece of the registry, with every version of it. */
export function PiecePage() {
  const { kind: named, name } = route.useParams();
  const kind = kindNamed(named);
  if (kind === undefined)
    return <Notice title={`The registry has no kind ${named}.`} next="Go back to the registry." />;
  return <KnownKind key={`${kind}/${name}`} kind={kind} name={name} />;
}

function KnownKind({ kind, name }: { readonly kind: ControlKind; readonly name: string }) {
  const mayRead = useMay('read-control');
  const { data, error, refetch } = usePiece(kind, name, mayRead);
  if (!mayRead) {
    return (
      <Notice
        title="You see that it is there and which version is in force, without what it says."
        next="An owner or admin can give you a role that reads it."
      />
    );
  }
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  return <Piece piece={data} kind={kind} />;
}

function Piece({ piece, kind }: { readonly piece: PieceView; readonly kind: ControlKind }) {
  const { address } = usePlane();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [done, setDone] = useState<string>();
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <p className={sheet.about}>
          <Link to="/t/$project/registry" params={{ project: address }}>
            Registry
          </Link>
        </p>
        <h1>
          <Foreign text={piece.name} />
        </h1>
        <StateChip state={piece.status} />
        <RetirePiece kind={kind} piece={piece} onDone={() => setDone(`${piece.name} is out of force.`)} />
        <p className={sheet.about}>
          {kind}: {kindWords[kind].about}.{' '}
          {piece.active_version === null
            ? 'No version is in force.'
            : `Version ${piece.active_version} is in force.`}
        </p>
      </header>
      <div role="status" className={sheet.done}>
        {done === undefined ? null : <Notice tone="good" title={done} />}
      </div>
      <PieceDiff
        kind={kind}
        piece={piece}
        compared={comparedVersions(piece, search)}
        onChoose={(next) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })}
        onDone={setDone}
      />
    </div>
  );
}
