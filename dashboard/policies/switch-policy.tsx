import { isNewestInForce, type PolicyDetail } from '@countersign/client/policy-detail';
import { Power, PowerOff } from 'lucide-react';
import { useState } from 'react';
import sheet from '../in-force/sheet.module.css';
import { useMay } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { ActivatePolicyDialog } from './activate-policy-dialog.tsx';
import { RetirePolicyDialog } from './retire-policy-dialog.tsx';

interface Props {
  readonly policy: PolicyDetail;
  readonly isChanged: boolean;
  readonly onDone: (text: string) => void;
}

/** Brings a policy into force, and out of it. */
export function SwitchPolicy({ policy, isChanged, onDone }: Props) {
  const mayActivate = useMay('activate-policy');
  const mayRetire = useMay('retire-policy');
  const [asking, setAsking] = useState<'activate' | 'retire'>();
  const finish = (text: string) => {
    setAsking(undefined);
    onDone(text);
  };
  const notActivated = !mayActivate
    ? 'Owners and admins bring policies into force.'
    : isChanged
      ? 'Save your changes first: what comes into force is what is saved.'
      : policy.digest == null
        ? 'The plane does not say which document that is.'
        : isNewestInForce(policy)
          ? 'It is in force.'
          : undefined;
  const notRetired = !mayRetire
    ? 'Owners and admins take policies out of force.'
    : policy.active_digest == null
      ? 'It is not in force.'
      : undefined;
  return (
    <div className={sheet.ends}>
      <Button look="main" refusedBecause={notActivated} onClick={() => setAsking('activate')}>
        <Power size={16} aria-hidden /> Activate
      </Button>
      <Button look="danger" refusedBecause={notRetired} onClick={() => setAsking('retire')}>
        <PowerOff size={16} aria-hidden /> Retire
      </Button>
      {asking === 'activate' ? (
        <ActivatePolicyDialog
          policy={policy}
          onDone={() => finish(`${policy.name} is in force.`)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking === 'retire' ? (
        <RetirePolicyDialog
          name={policy.name}
          onDone={() => finish(`${policy.name} is out of force.`)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
    </div>
  );
}
