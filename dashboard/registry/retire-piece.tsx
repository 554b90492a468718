import type { PieceView } from '@countersign/client/control-api';
import type { ControlKind } from '@countersign/protocol/control/control-document';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PowerOff } from 'lucide-react';
import { useState } from 'react';
import sheet from '../in-force/sheet.module.css';
import { SwitchDialog } from '../in-force/switch-dialog.tsx';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { registryKey } from './use-registry.ts';

interface Props {
  readonly kind: ControlKind;
  readonly piece: PieceView;
  readonly onDone: () => void;
}

/** Takes a piece out of force. */
export function RetirePiece({ kind, piece, onDone }: Props) {
  const { control, projectId } = usePlane();
  const client = useQueryClient();
  const mayRetire = useMay('retire-control');
  const [isAsking, setAsking] = useState(false);
  const switching = useMutation({
    mutationFn: (reason: string | undefined) =>
      control.retire(kind, piece.name, reason, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: () => {
      setAsking(false);
      onDone();
    },
    onSettled: () => client.invalidateQueries({ queryKey: registryKey(projectId) }),
  });
  const refusedBecause = !mayRetire
    ? 'Owners and admins take pieces out of force.'
    : piece.active_version === null
      ? 'It is not in force.'
      : undefined;
  return (
    <div className={sheet.ends}>
      <Button
        look="danger"
        refusedBecause={refusedBecause}
        onClick={() => {
          switching.reset();
          setAsking(true);
        }}
      >
        <PowerOff size={16} aria-hidden /> Retire
      </Button>
      {isAsking ? (
        <SwitchDialog
          draft={`retire-piece.${kind}.${piece.name}`}
          title={`Take ${piece.name} out of force`}
          action="Retire"
          look="danger"
          needsReason={false}
          isPending={switching.isPending}
          error={switching.error}
          onSend={(reason) => switching.mutateAsync(reason)}
          onClose={() => setAsking(false)}
        >
          <p>
            Agents are not steered by it any more. Its versions stay, and any of them can come into force
            again. A piece that a route in force names cannot be retired before that route.
          </p>
        </SwitchDialog>
      ) : null}
    </div>
  );
}
