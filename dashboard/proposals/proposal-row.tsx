import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import { changeText } from '../inbox/change-text.ts';
import { usePlane } from '../plane/plane-context.ts';
import { capabilityOf } from '../proposal/capability-of.ts';
import { objectOf } from '../proposal/identity.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Since } from '../ui/when.tsx';
import styles from './proposal-row.module.css';

interface Props {
  readonly item: ProposalDetail;
  readonly rowIndex: number;
  /** Where it stands in the list. */
  readonly style: CSSProperties;
}

/** One proposal in the list: where it stands, what would change of what, and who asked. */
export function ProposalRow({ item, rowIndex, style }: Props) {
  const { address } = usePlane();
  const { change_set, created_at, patch, proposal_id, proposed_by, source_id, status } = item;
  const isSeen = change_set !== undefined || patch !== undefined;
  return (
    <tr className={styles.columns} aria-rowindex={rowIndex} style={style}>
      <td className={styles.state}>
        <StateChip state={status} />
      </td>
      <td className={styles.what}>
        <Link
          to="/t/$project/proposals/$proposalId"
          params={{ project: address, proposalId: proposal_id }}
          className={styles.object}
        >
          {isSeen ? objectOf(item) : proposal_id}
        </Link>
        <span className={styles.change}>
          {isSeen ? changeText(item) : 'its values are not for your role'}
        </span>
      </td>
      <td className={styles.capability}>
        <Foreign text={capabilityOf(item)} />
        <span className={styles.source}>
          <Foreign text={source_id ?? ''} />
        </span>
      </td>
      <td className={styles.by}>
        <Foreign text={`${proposed_by?.kind ?? 'somebody'} ${proposed_by?.id ?? ''}`} />
      </td>
      <td className={styles.age}>{created_at == null ? null : <Since at={created_at} />}</td>
    </tr>
  );
}
