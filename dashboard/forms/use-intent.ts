import { useRef } from 'react';

/** The idempotency key of what somebody means to do: the same for the same words, and another for others. */
export function useIntent(): (wish: unknown) => string {
  const last = useRef({ text: '', key: '' });
  return (wish) => {
    const text = JSON.stringify(wish) ?? '';
    if (last.current.key === '' || last.current.text !== text)
      last.current = { text, key: crypto.randomUUID() };
    return last.current.key;
  };
}
