import type { ActionDetail } from '@countersign/client/action-detail';
import { Foreign } from '../ui/value.tsx';
import { Until, When } from '../ui/when.tsx';
import styles from './attempts.module.css';

/** How often it was tried, who is at it, and what the worker reported last. */
export function Attempts({ detail }: { readonly detail: ActionDetail }) {
  const { attempts, claim, most_attempts, not_before, refused, result, unknown_since } = detail;
  const told = result?.result;
  return (
    <section className={styles.attempts} aria-labelledby="attempts">
      <h2 id="attempts">Attempts and receipts</h2>
      <dl className={styles.facts}>
        <div>
          <dt>Attempts</dt>
          <dd>
            {attempts ?? 0}
            {most_attempts == null ? '' : ` of at most ${most_attempts}`}
          </dd>
        </div>
        {claim == null ? null : (
          <div>
            <dt>Claim</dt>
            <dd>
              <Foreign text={claim.runner_id ?? 'a worker'} />
              {claim.expires_at == null ? null : (
                <>
                  , for <Until at={claim.expires_at} over="no longer" />
                </>
              )}
              {claim.begun_at == null ? (
                ', not begun'
              ) : (
                <>
                  , begun <When at={claim.begun_at} />
                </>
              )}
            </dd>
          </div>
        )}
        {not_before == null ? null : (
          <div>
            <dt>Rests until</dt>
            <dd>
              <When at={not_before} />
            </dd>
          </div>
        )}
        {unknown_since == null ? null : (
          <div>
            <dt>First begun</dt>
            <dd>
              <When at={unknown_since} />: from then on it may have reached the provider
            </dd>
          </div>
        )}
        {result == null ? null : (
          <div>
            <dt>Receipt</dt>
            <dd>
              <Report outcome={told ?? result} at={result.at} />
            </dd>
          </div>
        )}
        {refused == null ? null : (
          <div>
            <dt>Too late</dt>
            <dd>
              <Report outcome={refused.result ?? {}} at={refused.at} />; kept as evidence, and not counted
            </dd>
          </div>
        )}
      </dl>
      {result == null && (attempts ?? 0) === 0 ? (
        <p className={styles.none}>Nothing has been sent: no worker has claimed it.</p>
      ) : null}
    </section>
  );
}

interface ReportProps {
  readonly outcome: NonNullable<NonNullable<ActionDetail['result']>['result']>;
  readonly at: string | null | undefined;
}

function Report({ outcome: { code, detail, outcome, reference, was_done }, at }: ReportProps) {
  const words = [
    outcome ?? 'not known',
    was_done === true ? 'the provider had it already' : undefined,
    code,
    reference == null ? undefined : `reference ${reference}`,
    detail,
  ];
  return (
    <>
      <Foreign text={words.filter((word) => word != null).join(', ')} />
      {at == null ? null : (
        <>
          , <When at={at} />
        </>
      )}
    </>
  );
}
