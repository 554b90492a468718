import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Chip } from '../ui/chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { isOpen, needText } from './decisions.ts';
import styles from './reasons.module.css';

/** Whose approvals count, and how many there are: a line of the reasons; none where nobody's is needed. */
export function Needs({
  requirements,
}: {
  readonly requirements: NonNullable<ProposalDetail['requirements']>;
}) {
  if (requirements.length === 0) return null;
  return (
    <div>
      <dt>Needs</dt>
      <dd className={styles.needs}>
        {requirements.map((requirement) => (
          <Chip key={requirement.role ?? 'anybody'} tone={isOpen(requirement) ? 'warn' : 'good'}>
            <Foreign text={needText(requirement)} />
          </Chip>
        ))}
      </dd>
    </div>
  );
}
