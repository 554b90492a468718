import { useState } from 'react';

const KEPT = 'countersign.draft.';

/**
 * A text that is being written, which outlives a new sign-in or a load of the page in this tab. `forget` once it was
 * sent.
 */
export function useDraft(name: string): readonly [string, (text: string) => void, () => void] {
  const key = `${KEPT}${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const write = (next: string) => {
    setText(next);
    if (next === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, next);
  };
  return [text, write, () => write('')];
}
