import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { useState } from 'react';
import sheet from '../in-force/sheet.module.css';
import { SwitchDialog } from '../in-force/switch-dialog.tsx';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { RulesFault } from './rules-fault.tsx';
import { rulesKey } from './use-rules.ts';

interface Props {
  readonly isEnforced: boolean;
  readonly count: number;
}

/** Lets the rules hold, or roles alone decide again. */
export function Enforcement({ isEnforced, count }: Props) {
  const { projectId, rules } = usePlane();
  const client = useQueryClient();
  const mayEnforce = useMay('enforce-permission-rules');
  const [isAsking, setAsking] = useState(false);
  const switching = useMutation({
    mutationFn: (reason: string) =>
      rules.enforce(!isEnforced, reason, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: () => setAsking(false),
    onSettled: () => client.invalidateQueries({ queryKey: rulesKey(projectId) }),
  });
  return (
    <div className={sheet.ends}>
      <Button
        refusedBecause={mayEnforce ? undefined : 'Owners turn enforcement on and off.'}
        onClick={() => {
          switching.reset();
          setAsking(true);
        }}
      >
        {isEnforced ? <ShieldOff size={16} aria-hidden /> : <ShieldCheck size={16} aria-hidden />}
        {isEnforced ? 'Stop enforcing' : 'Enforce'}
      </Button>
      {isAsking ? (
        <SwitchDialog
          draft="enforce-permission-rules"
          title={isEnforced ? 'Stop enforcing the rules' : 'Enforce the rules'}
          action={isEnforced ? 'Stop enforcing' : 'Enforce'}
          look="danger"
          needsReason
          isPending={switching.isPending}
          error={switching.error}
          fault={<RulesFault error={switching.error} />}
          onSend={(reason) => switching.mutateAsync(reason ?? '')}
          onClose={() => setAsking(false)}
        >
          <p>
            {isEnforced
              ? 'Roles and scopes alone say who may do what, from the next request on. The rules stay saved.'
              : `${count === 1 ? 'The rule' : `The ${count} rules`} as saved ${count === 1 ? 'holds' : 'hold'} from the next request on, for everybody, you too. First it is tried whether some owner could turn them off again at any time; if not, nothing is changed.`}
          </p>
        </SwitchDialog>
      ) : null}
    </div>
  );
}
