import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useMemo } from 'react';
import { useSettled } from '../in-force/use-settled.ts';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { useDraft } from '../ui/draft.ts';
import { Fault } from '../ui/fault.tsx';
import { checkText } from './check-text.ts';
import styles from './policy-editor.module.css';
import { PolicySummary } from './policy-summary.tsx';
import { TestPanel } from './test-panel.tsx';
import { policiesKey } from './use-policies.ts';

/** Typing has paused. */
const SETTLED_MS = 400;
const LINES = 26;

interface Props {
  /** Under which the text is kept in this tab until it was saved. */
  readonly draft: string;
  /** What is saved, or what a new one begins with. */
  readonly saved: string;
  /** Undefined where nothing is saved yet. */
  readonly savedName: string | undefined;
  readonly onChanged?: (isChanged: boolean) => void;
}

/** The document of a policy, compiled and tested as it is written. */
export function PolicyEditor({ draft, saved, savedName, onChanged }: Props) {
  const { address, policies, projectId } = usePlane();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useMay('save-policy');
  const [kept, keep, forget] = useDraft(draft);
  const field = useId();
  const text = kept === '' ? saved : kept;
  const isChanged = text !== saved;
  useEffect(() => onChanged?.(isChanged), [isChanged, onChanged]);
  const checked = useMemo(() => checkText(text), [text]);
  const settled = useSettled(checked, SETTLED_MS);
  const saving = useMutation({
    mutationFn: (value: object) => policies.save(value, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: policiesKey(projectId) });
      forget();
      const name = checked.ok ? checked.document.name : savedName;
      if (name !== undefined && name !== savedName)
        await navigate({
          to: '/t/$project/policies/$policyName',
          params: { project: address, policyName: name },
        });
    },
  });
  const refusedBecause = !mayWrite
    ? 'Owners, admins and operators save policies.'
    : !checked.ok
      ? 'The document is not in good form.'
      : !isChanged && savedName !== undefined
        ? 'It is saved as it stands.'
        : undefined;
  return (
    <div className={styles.editor}>
      <section className={styles.side} aria-label="The document">
        <label htmlFor={field} className={styles.label}>
          The policy, as JSON
        </label>
        <textarea
          id={field}
          className={styles.text}
          value={text}
          rows={LINES}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          readOnly={!mayWrite}
          // A draft of nothing is no draft: to clear the field before pasting must not bring the old text back.
          onChange={({ currentTarget: { value } }) => keep(value === '' ? ' ' : value)}
        />
        {saving.error === null ? null : <Fault error={saving.error} />}
        <div className={styles.ends}>
          <Button
            look="main"
            refusedBecause={refusedBecause}
            disabled={saving.isPending}
            onClick={() => (checked.ok ? saving.mutate(checked.value) : undefined)}
          >
            Save draft
          </Button>
          <Button
            look="plain"
            disabled={kept === ''}
            onClick={() => {
              saving.reset();
              forget();
            }}
          >
            Undo my changes
          </Button>
          <p className={styles.note} role="status">
            {refusedBecause ?? (isChanged ? 'Not saved yet.' : '')}
            {checked.ok && savedName !== undefined && checked.document.name !== savedName
              ? ` It has another name: saving makes a policy of its own, and ${savedName} stays.`
              : ''}
          </p>
        </div>
      </section>
      <section className={styles.side} aria-label="What it says, and its tests">
        {checked.ok ? <PolicySummary document={checked.document} /> : null}
        <TestPanel checked={checked} settled={settled} />
      </section>
    </div>
  );
}
