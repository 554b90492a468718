import { CopyButton } from './copy-button.tsx';
import styles from './paste-block.module.css';

// More of it scrolls.
const MOST_ROWS = 18;

/** Text to be pasted elsewhere, as it is. */
export function PasteBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className={styles.block}>
      <textarea
        className={styles.text}
        aria-label={label}
        readOnly
        spellCheck={false}
        wrap="off"
        rows={Math.min(MOST_ROWS, text.trimEnd().split('\n').length)}
        value={text.trimEnd()}
      />
      <CopyButton text={text} label="Copy" />
    </div>
  );
}
