import type { ActionDetail } from '@countersign/client/action-detail';
import { Link } from '@tanstack/react-router';
import { actorText } from '../format/actor-text.ts';
import { usePlane } from '../plane/plane-context.ts';
import { neededOf } from '../proposal/decisions.ts';
import { Needs } from '../proposal/needs.tsx';
import styles from '../proposal/reasons.module.css';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { isUndecided } from './action-decisions.ts';

/** Who asked and why, what it follows, what is still needed, and what was said about it. */
export function ActionReasons({ detail }: { readonly detail: ActionDetail }) {
  const { address } = usePlane();
  const { after_proposal, cause, contract, decided_with, decisions, idempotency_key, requirements } = detail;
  const before = after_proposal ?? decided_with;
  return (
    <dl className={styles.reasons}>
      <div>
        <dt>Why</dt>
        <dd>{detail.reason == null ? 'no reason was given' : <Foreign text={detail.reason} />}</dd>
      </div>
      <div>
        <dt>Asked by</dt>
        <dd>
          <Foreign text={askedBy(detail)} />
        </dd>
      </div>
      {before == null ? null : (
        <div>
          <dt>Follows</dt>
          <dd>
            <Link to="/t/$project/proposals/$proposalId" params={{ project: address, proposalId: before }}>
              <code>{before}</code>
            </Link>
            {decided_with == null ? ', once it is applied' : ', decided in one with it'}
          </dd>
        </div>
      )}
      {cause == null ? null : (
        <div>
          <dt>By rule</dt>
          <dd>
            <Foreign text={[cause.by, cause.message].filter(Boolean).join(': ')} />
          </dd>
        </div>
      )}
      <Needs requirements={neededOf(requirements, isUndecided(detail) && decided_with == null)} />
      {(decisions ?? []).map(({ at, by, name, reason, verdict }) => (
        <div key={`${by}${at}`}>
          <dt>{verdict ?? 'decided'}</dt>
          <dd>
            <Foreign text={name ?? by ?? 'somebody'} />
            {at == null ? null : (
              <>
                , <When at={at} />
              </>
            )}
            {reason == null || reason === '' ? null : (
              <>
                : <Foreign text={reason} />
              </>
            )}
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
      {idempotency_key == null ? null : (
        <div>
          <dt>Key</dt>
          <dd>
            <code>{idempotency_key}</code>, the same for every attempt: look for it at the provider
          </dd>
        </div>
      )}
    </dl>
  );
}

function askedBy({ principal, proposed_by }: ActionDetail): string {
  const who = actorText(proposed_by?.kind ?? 'somebody', proposed_by?.id ?? '');
  const id =
    typeof principal === 'object' && principal !== null && 'id' in principal ? principal.id : undefined;
  return typeof id === 'string' ? `${who}, for ${id}` : who;
}
