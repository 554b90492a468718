import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import { useMay } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { Foreign } from '../ui/value.tsx';
import type { CheckedText } from './check-text.ts';
import { ProblemList } from './problem-list.tsx';
import { otherIssues, type TestOutcome, testOutcomes } from './test-outcomes.ts';
import styles from './test-panel.module.css';
import { useVerdict } from './use-verdict.ts';

interface Props {
  /** As it is now, and as it was when typing paused. */
  readonly checked: CheckedText;
  readonly settled: CheckedText;
}

/** Whether the document would be taken, and how each of its tests comes out. */
export function TestPanel({ checked, settled }: Props) {
  const mayTest = useMay('test-policy');
  const { data, error, isFetching, isPlaceholderData } = useVerdict(
    mayTest && settled.ok ? settled.value : null,
  );
  if (!checked.ok) {
    return (
      <section className={styles.panel} aria-label="Tests">
        <h2>Not in good form</h2>
        <ProblemList problems={checked.problems} />
      </section>
    );
  }
  if (!mayTest) {
    return (
      <section className={styles.panel} aria-label="Tests">
        <h2>Tests: {checked.document.tests.length}</h2>
        <p className={styles.note}>
          A policy is saved only with tests that pass. Owners, admins and operators can run them here.
        </p>
      </section>
    );
  }
  const isStale = isFetching || isPlaceholderData || settled !== checked;
  const outcomes = data === undefined || !settled.ok ? [] : testOutcomes(settled.document.tests, data);
  const issues = data === undefined ? [] : otherIssues(data);
  return (
    <section className={styles.panel} aria-label="Tests" aria-busy={isStale}>
      <h2>Tests</h2>
      <p className={styles.note} role="status">
        {isStale ? 'Compiling and testing' : data === undefined ? '' : standing(outcomes, issues.length)}
      </p>
      {error === null ? null : <Fault error={error} />}
      <ProblemList problems={issues} />
      <ul className={styles.tests}>
        {outcomes.map((outcome) => (
          <Outcome key={outcome.test.name} outcome={outcome} />
        ))}
      </ul>
    </section>
  );
}

function standing(outcomes: readonly TestOutcome[], issues: number): string {
  if (issues > 0) return 'It does not compile, so no test was run.';
  const failed = outcomes.filter(({ state }) => state === 'failed').length;
  if (failed > 0) return `It compiles. ${failed} of ${outcomes.length} tests failed.`;
  if (outcomes.length === 0) return 'It compiles. It has no test.';
  return `It compiles, and ${outcomes.length === 1 ? 'its test passed' : `all ${outcomes.length} tests passed`}.`;
}

const states = {
  passed: { text: 'passed', icon: CircleCheck },
  failed: { text: 'failed', icon: CircleX },
  not_run: { text: 'not run', icon: CircleHelp },
  not_told: { text: 'not told: too many others failed', icon: CircleHelp },
};

function Outcome({ outcome: { messages, state, test } }: { readonly outcome: TestOutcome }) {
  const { icon: Icon, text } = states[state];
  return (
    <li className={styles.test} data-state={state}>
      <Icon size={16} aria-hidden />
      <div>
        <p>
          <strong>
            <Foreign text={test.name} />
          </strong>{' '}
          <span className={styles.state}>{text}</span>
        </p>
        <p className={styles.given}>
          expects {test.expect.replaceAll('_', ' ')}, given <Foreign text={JSON.stringify(test.given)} />
        </p>
        {messages.map((message) => (
          <p key={message} className={styles.why}>
            <Foreign text={message} />
          </p>
        ))}
      </div>
    </li>
  );
}
