import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useMemo } from 'react';
import { useMay, usePlane } from '../plane/plane-context.ts';
import editor from '../policies/policy-editor.module.css';
import { ProblemList } from '../policies/problem-list.tsx';
import { Button } from '../ui/button.tsx';
import { useDraft } from '../ui/draft.ts';
import { checkRules } from './check-rules.ts';
import { RulesFault } from './rules-fault.tsx';
import { rulesKey } from './use-rules.ts';

const LINES = 16;

interface Props {
  readonly saved: string;
  readonly isEnforced: boolean;
}

/** The whole list as it is written; it is saved as a whole. */
export function RulesEditor({ saved, isEnforced }: Props) {
  const { projectId, rules } = usePlane();
  const client = useQueryClient();
  const mayWrite = useMay('save-permission-rules');
  const [kept, keep, forget] = useDraft(`permission-rules.${projectId}`);
  const field = useId();
  const text = kept === '' ? saved : kept;
  const checked = useMemo(() => checkRules(text), [text]);
  const saving = useMutation({
    mutationFn: (list: readonly unknown[]) => rules.save(list, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: rulesKey(projectId) });
      forget();
    },
  });
  const refusedBecause = !mayWrite
    ? 'Owners save permission rules.'
    : !checked.ok
      ? 'The list is not in good form.'
      : text === saved
        ? 'It is saved as it stands.'
        : undefined;
  return (
    <section className={editor.side} aria-label="All rules, to be changed">
      <label htmlFor={field} className={editor.label}>
        All rules, as JSON
      </label>
      <textarea
        id={field}
        className={editor.text}
        value={text}
        rows={LINES}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        readOnly={!mayWrite}
        // A draft of nothing is no draft: to clear the field before pasting must not bring the old text back.
        onChange={({ currentTarget: { value } }) => keep(value === '' ? ' ' : value)}
      />
      {checked.ok ? null : <ProblemList problems={checked.problems} />}
      {saving.error === null ? null : <RulesFault error={saving.error} />}
      <div className={editor.ends}>
        <Button
          look={isEnforced ? 'danger' : 'main'}
          refusedBecause={refusedBecause}
          disabled={saving.isPending}
          onClick={() => (checked.ok ? saving.mutate(checked.rules) : undefined)}
        >
          Save rules
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
        <p className={editor.note} role="status">
          {refusedBecause ??
            (isEnforced ? 'They hold from the moment in which you save them.' : 'They do not hold yet.')}
        </p>
      </div>
    </section>
  );
}
