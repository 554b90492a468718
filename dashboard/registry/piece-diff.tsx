import type { PieceView } from '@countersign/client/control-api';
import type { ControlKind } from '@countersign/protocol/control/control-document';
import { ArrowRight } from 'lucide-react';
import { useMemo } from 'react';
import sheet from '../in-force/sheet.module.css';
import { DiffView } from '../ui/diff-view.tsx';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';
import { ActivatePiece } from './activate-piece.tsx';
import { type ComparedVersions, changesBetween } from './compared.ts';

interface Props {
  readonly kind: ControlKind;
  readonly piece: PieceView;
  readonly compared: ComparedVersions;
  readonly onChoose: (search: { from?: number; to?: number }) => void;
  readonly onDone: (text: string) => void;
}

/** What a version says differently from another, and the way to bring it into force. */
export function PieceDiff({ kind, piece, compared: { from, to }, onChoose, onDone }: Props) {
  const lines = useMemo(() => (to === undefined ? [] : changesBetween(from, to)), [from, to]);
  if (to === undefined) return <Notice title="It has no version." />;
  const name = (version: number) =>
    `version ${version}${version === piece.active_version ? ', in force' : ''}`;
  const pick = (label: string, value: number, choose: (version: number) => void) => (
    <label className={sheet.pick}>
      {label}
      <select value={value} onChange={(event) => choose(Number(event.target.value))}>
        {piece.versions.map(({ version }) => (
          <option key={version} value={version}>
            {name(version)}
          </option>
        ))}
      </select>
    </label>
  );
  const isSame = from !== undefined && from.digest === to.digest;
  return (
    <section className={sheet.part} aria-label="Versions">
      <div className={sheet.head}>
        {from === undefined ? null : (
          <>
            {pick('From', from.version, (version) => onChoose({ from: version }))}
            <ArrowRight size={16} aria-hidden />
          </>
        )}
        {pick(from === undefined ? 'Version' : 'to', to.version, (version) => onChoose({ to: version }))}
        <ActivatePiece kind={kind} piece={piece} version={to} onDone={onDone} />
        <code className={sheet.digest}>
          <Foreign text={to.digest} />
        </code>
      </div>
      {isSame ? <p className={sheet.note}>They are the same.</p> : null}
      <DiffView
        label={
          from === undefined
            ? `What version ${to.version} says`
            : `From version ${from.version} to version ${to.version}`
        }
        lines={lines}
      />
    </section>
  );
}
