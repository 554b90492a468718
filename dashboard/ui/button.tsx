import type { ComponentProps } from 'react';
import styles from './button.module.css';
import { classes } from './classes.ts';

interface Looks {
  readonly look?: 'main' | 'danger' | 'plain' | undefined;
  readonly isSmall?: boolean;
  /** Why it cannot be pressed now: it stays where it is, can be reached, and says so. */
  readonly refusedBecause?: string | undefined;
}

/** What is pressed. One that would be refused says why instead of being gone. */
export function Button({
  look,
  isSmall = false,
  refusedBecause,
  className,
  onClick,
  ...rest
}: ComponentProps<'button'> & Looks) {
  const isRefused = refusedBecause !== undefined;
  return (
    <button
      type="button"
      {...rest}
      className={classes(styles.button, look && styles[look], isSmall && styles.small, className)}
      aria-disabled={isRefused || undefined}
      title={refusedBecause ?? rest.title}
      onClick={isRefused ? undefined : onClick}
    />
  );
}
