import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Fault } from '../ui/fault.tsx';
import styles from './form-dialog.module.css';

interface Props {
  readonly title: string;
  readonly action: string;
  readonly look?: 'main' | 'danger';
  /** Whether what stands there can be sent. */
  readonly isReady?: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSend: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something that is filled in, or said to be meant, before it is done. */
export function FormDialog({
  title,
  action,
  look = 'main',
  isReady = true,
  isPending,
  error,
  onSend,
  onClose,
  children,
}: Props) {
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isPending) onSend();
        }}
      >
        {children}
        {error === null ? null : <Fault error={error} />}
        <div className={styles.ends}>
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look={look} disabled={isPending || !isReady}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
