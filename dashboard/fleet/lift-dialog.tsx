import type { FreezeView } from '@countersign/client/fleet-api';
import { usePlane } from '../plane/plane-context.ts';
import { Foreign } from '../ui/value.tsx';
import { ActDialog } from './act-dialog.tsx';
import { scopeText } from './standing.ts';

/** The end of a freeze or of the stop: what it held back goes out at once. */
export function LiftDialog({
  freeze,
  onClose,
}: {
  readonly freeze: FreezeView;
  readonly onClose: () => void;
}) {
  const { fleet } = usePlane();
  const { freeze_id, is_stop } = freeze;
  return (
    <ActDialog
      draft={`lift.${freeze_id}`}
      title={is_stop ? 'Lift the stop' : 'Lift the freeze'}
      action="Lift it"
      act={(reason, options) => fleet.lift(freeze_id, reason, options)}
      onClose={onClose}
    >
      <p>
        Ends the {is_stop ? 'stop' : 'freeze'} of <Foreign text={scopeText(freeze)} />. What it held back is
        handed out at once, also what was approved meanwhile: look at that first. Other freezes stay.
      </p>
    </ActDialog>
  );
}
