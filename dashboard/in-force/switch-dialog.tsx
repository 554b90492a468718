import { type ReactNode, useId } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useDraft } from '../ui/draft.ts';
import { Fault } from '../ui/fault.tsx';
import styles from './switch-dialog.module.css';

interface Props {
  /** Under which the reason is kept until it was taken. */
  readonly draft: string;
  readonly title: string;
  readonly action: string;
  readonly look?: 'main' | 'danger';
  /** Whether it is refused without a reason; else one may be given. */
  readonly needsReason: boolean;
  /** Whether what it does is known yet: nobody agrees to what they have not seen. */
  readonly isReady?: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  /** How a refusal is told, where it needs more than its own words. */
  readonly fault?: ReactNode;
  readonly onSend: (reason: string | undefined) => Promise<unknown>;
  readonly onClose: () => void;
  /** What will happen, and what stays true. */
  readonly children: ReactNode;
}

/** Asks before something comes into force or out of it; what was written is kept until it was taken. */
export function SwitchDialog({
  draft,
  title,
  action,
  look = 'main',
  needsReason,
  isReady = true,
  isPending,
  error,
  fault,
  onSend,
  onClose,
  children,
}: Props) {
  const [text, setText, forget] = useDraft(draft);
  const field = useId();
  const reason = text.trim();
  const isHeld = isPending || !isReady || (needsReason && reason === '');
  const send = () => {
    if (isHeld) return;
    onSend(reason === '' ? undefined : reason).then(forget, () => undefined);
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
        <label htmlFor={field}>{needsReason ? 'Why' : 'Why (may be left empty)'}</label>
        <textarea
          id={field}
          className={styles.text}
          value={text}
          rows={2}
          maxLength={2_000}
          required={needsReason}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
          }}
        />
        {error === null ? null : (fault ?? <Fault error={error} />)}
        <div className={styles.ends}>
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look={look} disabled={isHeld}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
