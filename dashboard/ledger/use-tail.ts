import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import type { Plane } from '../plane/plane.ts';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { extended, type Tail } from './tail.ts';

/** So many entries of the end are read at first. */
export const FIRST_READ = 1_000;
const A_PAGE = 500;
const LOOKED_AGAIN_MS = 2_000;

/** The end of the record, with what comes; nobody is asked for it who may not read the ledger. */
export function useTail(isLive = true) {
  const plane = usePlane();
  const client = useQueryClient();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  const mayRead = useMay('read-ledger');
  const queryKey = [plane.projectId, 'tail'];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => readTail(plane, client.getQueryData<Tail>(queryKey), signal),
    refetchInterval: poll,
    // Held, it stays as it is, also when the feed tells of more.
    enabled: mayRead && isLive,
    structuralSharing: false,
  });
}

/** Goes on from where it ended; begins anew at the end where more has come than one page, so that it never lags. */
async function readTail(plane: Plane, known: Tail | undefined, signal: AbortSignal): Promise<Tail> {
  if (known === undefined) return readEnd(plane, signal);
  const after = known.entries.at(-1)?.seq ?? known.after;
  const { entries, next_cursor } = await plane.proposals.ledger(
    { cursor: String(after), limit: A_PAGE },
    { signal },
  );
  return next_cursor == null ? extended(known, entries) : readEnd(plane, signal);
}

async function readEnd({ fleet, proposals }: Plane, signal: AbortSignal): Promise<Tail> {
  const { ledger } = await fleet.health({ signal });
  let tail: Tail = { entries: [], after: Math.max(0, (ledger?.seq ?? 0) - FIRST_READ) };
  let cursor: string | undefined = String(tail.after);
  while (cursor !== undefined) {
    const page = await proposals.ledger({ cursor, limit: A_PAGE }, { signal });
    tail = extended(tail, page.entries);
    cursor = page.next_cursor ?? undefined;
  }
  return tail;
}
