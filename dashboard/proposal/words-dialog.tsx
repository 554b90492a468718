import { type ReactNode, useId } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { Fault } from '../ui/fault.tsx';
import styles from './words-dialog.module.css';

interface Props {
  /** Under which the text is kept until it was sent. */
  readonly draft: string;
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly look?: 'main' | 'danger';
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSend: (text: string) => Promise<unknown>;
  readonly onClose: () => void;
  /** What will happen, where it has to be said. */
  readonly children?: ReactNode;
}

/** A decision that needs words. What was written is kept until it was taken. */
export function WordsDialog({
  draft,
  title,
  label,
  action,
  look = 'main',
  isPending,
  error,
  onSend,
  onClose,
  children,
}: Props) {
  const [text, setText, forget] = useDraft(draft);
  const field = useId();
  const send = () => {
    if (text.trim() === '' || isPending) return;
    onSend(text.trim()).then(forget, () => undefined);
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {children}
        <label htmlFor={field}>{label}</label>
        <textarea
          id={field}
          className={styles.text}
          value={text}
          rows={4}
          maxLength={2_000}
          required
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
          }}
        />
        {error === null ? null : <Fault error={error} />}
        <div className={styles.ends}>
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look={look} disabled={isPending || text.trim() === ''}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
