import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { actorText } from '../format/actor-text.ts';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { neededOf } from './decisions.ts';
import { Needs } from './needs.tsx';
import styles from './reasons.module.css';

/** In these somebody may have their say yet. */
const STILL_DECIDED: ReadonlySet<string> = new Set(['rehearsing', 'pending_review', 'changes_requested']);

/** Who asked and why, the rule that sent it here, what is still needed, and what was said about it. */
export function Reasons({ detail }: { readonly detail: ProposalDetail }) {
  const { cause, contract, conversation, decisions, reason, requirements, status } = detail;
  return (
    <dl className={styles.reasons}>
      <div>
        <dt>Why</dt>
        <dd>{reason == null ? 'no reason was given' : <Foreign text={reason} />}</dd>
      </div>
      <div>
        <dt>Asked by</dt>
        <dd>
          <Foreign text={askedBy(detail)} />
        </dd>
      </div>
      {cause == null ? null : (
        <div>
          <dt>By rule</dt>
          <dd>
            <Foreign text={[cause.by, cause.message].filter(Boolean).join(': ')} />
          </dd>
        </div>
      )}
      <Needs requirements={neededOf(requirements, STILL_DECIDED.has(status))} />
      {(decisions ?? []).map(({ at, by, name, reason: why, verdict }) => (
        <div key={`${by}${at}`}>
          <dt>{verdict ?? 'decided'}</dt>
          <dd>
            <Foreign text={name ?? by ?? 'somebody'} />, {at == null ? null : <When at={at} />}
            {why == null || why === '' ? null : (
              <>
                : <Foreign text={why} />
              </>
            )}
          </dd>
        </div>
      ))}
      {(conversation ?? []).map(({ at, by, kind, name, text }) => (
        <div key={`${kind}${at}`}>
          <dt>{kind ?? 'remark'}</dt>
          <dd>
            <Foreign text={name ?? by ?? 'somebody'} />: <Foreign text={text ?? ''} />
          </dd>
        </div>
      ))}
      {contract?.contract_id == null ? null : (
        <div>
          <dt>Contract</dt>
          <dd>
            <code>{contract.contract_version_id ?? contract.contract_id}</code>
          </dd>
        </div>
      )}
    </dl>
  );
}

function askedBy({ principal, proposed_by }: ProposalDetail): string {
  const who = actorText(proposed_by?.kind ?? 'somebody', proposed_by?.id ?? '');
  const id =
    typeof principal === 'object' && principal !== null && 'id' in principal ? principal.id : principal;
  return typeof id === 'string' ? `${who}, for ${id}` : who;
}
