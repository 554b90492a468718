import { useState } from 'react';

/** Why nothing is approved yet: what is on the screen is not what was there when it was opened. */
export const OTHER_EFFECT = 'It has changed since you opened it. Read it again first.';

/**
 * Whether the effect on the screen is the one that was opened. A proposer can ask for another at any moment, also in the
 * one before a key is pressed: then nobody has read what the key would approve.
 */
export function useSeenEffect(digest: string | null | undefined): {
  readonly isOther: boolean;
  readonly see: () => void;
} {
  const [seen, setSeen] = useState(digest ?? undefined);
  // Before anybody had looked at the row there was nothing to read.
  if (seen === undefined && digest != null) setSeen(digest);
  return {
    isOther: seen !== undefined && digest != null && seen !== digest,
    see: () => setSeen(digest ?? undefined),
  };
}
