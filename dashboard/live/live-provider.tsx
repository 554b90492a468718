import { type LiveState, watchLive } from '@countersign/client/live';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { useSession } from '../sign-in/use-session.ts';
import { LiveContext } from './live-context.ts';
import { createReader } from './read-again.ts';
import { both, isTouched, NOTHING, type Touched, touchedBy } from './touched.ts';

/** Changes that come together are read together. */
const GATHERED_MS = 20;

/** Has what is on the screen read again when it has changed, in whatever way the change was made. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const { caller, connection, projectId } = usePlane();
  const client = useQueryClient();
  const { kind: session } = useSession();
  const [state, setState] = useState<LiveState>({ kind: 'connecting', since: null });
  const mayWatch = caller.may.includes('watch-live') && (session === 'signed-in' || session === 'open');
  useEffect(() => {
    if (!mayWatch) return;
    const ending = new AbortController();
    const read = createReader(client);
    let gathered = NOTHING;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      const touched = gathered;
      gathered = NOTHING;
      timer = undefined;
      read(touched, (key) => (key[0] === projectId ? isTouched(key, touched) : isOfCaller(key, touched)));
    };
    const gather = (touched: typeof NOTHING) => {
      gathered = both(gathered, touched);
      timer ??= setTimeout(readAgain, GATHERED_MS);
    };
    const listener = {
      state: setState,
      reset: () => gather({ ...NOTHING, isAll: true }),
      changed: (changes: Parameters<typeof touchedBy>[0]) => gather(touchedBy(changes)),
    };
    // What cannot be come back from is said by the state; pages then ask by themselves.
    watchLive({ connection, listener, signal: ending.signal }).catch(() => undefined);
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [client, connection, mayWatch, projectId]);
  return <LiveContext value={state}>{children}</LiveContext>;
}

/** Who the reader is: known by the address, before the project is. */
function isOfCaller([noun]: readonly unknown[], { isAll, nouns }: Touched): boolean {
  return noun === 'caller' && (isAll || nouns.has('caller'));
}
