import type { PolicyDocument } from '@countersign/protocol/policy-document';
import { Foreign } from '../ui/value.tsx';
import styles from './policy-summary.module.css';
import { appliesWords, effectTitle, limitWords } from './policy-words.ts';

/** A policy in words: what it does, to what, when, and how far. */
export function PolicySummary({ document }: { readonly document: PolicyDocument }) {
  const { limits, message, when } = document;
  return (
    <dl className={styles.summary}>
      <div>
        <dt>Does</dt>
        <dd>
          <strong>
            <Foreign text={effectTitle(document)} />
          </strong>
        </dd>
      </div>
      <div>
        <dt>To</dt>
        <dd>
          <Foreign text={appliesWords(document)} />
        </dd>
      </div>
      <div>
        <dt>When</dt>
        <dd>
          <code className={styles.when}>
            <Foreign text={when} />
          </code>
        </dd>
      </div>
      {message === undefined ? null : (
        <div>
          <dt>Says</dt>
          <dd>
            <Foreign text={message} />
          </dd>
        </div>
      )}
      {limits.length === 0 ? null : (
        <div>
          <dt>Within</dt>
          <dd>
            <ul>
              {limits.map((limit) => (
                <li key={limitWords(limit)}>
                  <Foreign text={limitWords(limit)} />
                </li>
              ))}
            </ul>
          </dd>
        </div>
      )}
    </dl>
  );
}
