import type { PolicyDetail } from '@countersign/client/policy-detail';
import { isNewestInForce } from '@countersign/client/policy-detail';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import sheet from '../in-force/sheet.module.css';
import { usePlane } from '../plane/plane-context.ts';
import { Chip } from '../ui/chip.tsx';
import { diffLines } from '../ui/diff-lines.ts';
import { DiffView } from '../ui/diff-view.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { ReplayPanel } from './replay-panel.tsx';
import { SwitchPolicy } from './switch-policy.tsx';
import { usePolicy } from './use-policies.ts';
import { writtenText } from './written-text.ts';

const route = getRouteApi('/gate/t/$project/policies/$policyName');

/** One policy: its document, its tests, what it would have done, and whether it holds. */
export function PolicyPage() {
  const { policyName } = route.useParams();
  const { data, error, refetch } = usePolicy(policyName);
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  return <KnownPolicy key={policyName} policy={data} />;
}

function KnownPolicy({ policy }: { readonly policy: PolicyDetail }) {
  const { address } = usePlane();
  const [isChanged, setChanged] = useState(false);
  const [done, setDone] = useState<string>();
  const hasOlder = policy.active_digest != null && !isNewestInForce(policy);
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <p className={sheet.about}>
          <Link to="/t/$project/policies" params={{ project: address }}>
            Policies
          </Link>
        </p>
        <h1>
          <Foreign text={policy.name} />
        </h1>
        <StateChip state={policy.status ?? 'saved'} />
        {hasOlder ? <Chip tone="warn">newer draft</Chip> : null}
        <SwitchPolicy policy={policy} isChanged={isChanged} onDone={setDone} />
        <p className={sheet.facts}>
          {policy.version == null ? null : <span>version {policy.version}</span>}
          {policy.updated_at == null ? null : (
            <span>
              saved <When at={policy.updated_at} />
            </span>
          )}
          <code className={sheet.digest}>
            <Foreign text={policy.digest ?? ''} />
          </code>
        </p>
      </header>
      <div role="status" className={sheet.done}>
        {done === undefined ? null : <Notice tone="good" title={done} />}
      </div>
      {hasOlder ? (
        <Notice
          title="An older version of this policy is in force. What you see here is the newest draft."
          next="It holds from the moment in which it is activated."
        />
      ) : null}
      {hasOlder && policy.in_force != null ? (
        <section className={sheet.part} aria-labelledby="draft-changes">
          <h2 id="draft-changes">What the draft would change</h2>
          <DiffView
            label="From what is in force to the newest draft"
            lines={diffLines(linesOf(policy.in_force), linesOf(policy.policy ?? {}))}
          />
        </section>
      ) : null}
      <PolicyEditor
        draft={`policy.${policy.name}`}
        saved={writtenText(policy.policy ?? {})}
        savedName={policy.name}
        onChanged={setChanged}
      />
      <ReplayPanel policy={policy} isChanged={isChanged} />
    </div>
  );
}

function linesOf(document: unknown): readonly string[] {
  return writtenText(document).split('\n');
}
