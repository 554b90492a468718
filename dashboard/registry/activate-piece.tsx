import type { PieceVersion, PieceView } from '@countersign/client/control-api';
import { digest } from '@countersign/protocol/canonical-json';
import type { ControlKind } from '@countersign/protocol/control/control-document';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Power } from 'lucide-react';
import { useState } from 'react';
import { Scrolled } from '../in-force/scrolled.tsx';
import sheet from '../in-force/sheet.module.css';
import { SwitchDialog } from '../in-force/switch-dialog.tsx';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { DiffView } from '../ui/diff-view.tsx';
import { changesBetween } from './compared.ts';
import { registryKey } from './use-registry.ts';

interface Props {
  readonly kind: ControlKind;
  readonly piece: PieceView;
  readonly version: PieceVersion;
  readonly onDone: (text: string) => void;
}

/** Brings the version that is shown into force, newer or older, by its digest. */
export function ActivatePiece({ kind, piece, version, onDone }: Props) {
  const { control, projectId } = usePlane();
  const client = useQueryClient();
  const mayActivate = useMay('activate-control');
  const [asked, setAsked] = useState<PieceVersion>();
  const active = piece.versions.find((one) => one.version === piece.active_version);
  const switching = useMutation({
    mutationFn: ({ of, reason }: { readonly of: PieceVersion; readonly reason: string | undefined }) =>
      control.activate(kind, piece.name, of.digest, reason, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: (_done, { of }) => {
      setAsked(undefined);
      onDone(`Version ${of.version} of ${piece.name} is in force.`);
    },
    onSettled: () => client.invalidateQueries({ queryKey: registryKey(projectId) }),
  });
  const refusedBecause = !mayActivate
    ? 'Owners and admins bring pieces into force.'
    : version === active
      ? 'It is in force.'
      : digest(version.document) !== version.digest
        ? 'What came for this version has another digest than the one that it is registered under.'
        : undefined;
  return (
    <div className={sheet.ends}>
      <Button
        look="main"
        refusedBecause={refusedBecause}
        onClick={() => {
          switching.reset();
          setAsked(version);
        }}
      >
        <Power size={16} aria-hidden /> Activate version {version.version}
      </Button>
      {asked === undefined ? null : (
        <SwitchDialog
          draft={`activate-piece.${kind}.${piece.name}`}
          title={`Bring version ${asked.version} of ${piece.name} into force`}
          action="Activate"
          needsReason={false}
          isPending={switching.isPending}
          error={switching.error}
          onSend={(reason) => switching.mutateAsync({ of: asked, reason })}
          onClose={() => setAsked(undefined)}
        >
          <p>
            {active === undefined
              ? 'Nothing of this name is in force. It says:'
              : `It takes the place of version ${active.version}. What is different:`}
          </p>
          <Scrolled label="What is different">
            <DiffView label="Line by line" lines={changesBetween(active, asked)} />
          </Scrolled>
          <p>Tasks that are queued go on as they were planned; the next ones go by this version.</p>
        </SwitchDialog>
      )}
    </div>
  );
}
