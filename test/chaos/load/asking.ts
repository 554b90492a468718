import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../support/http.ts';
import type { Client } from '../../support/tenant.ts';

const LONGEST_MS = 10_000;
/** No fault of a campaign keeps the plane away for longer. */
const LONGEST_ALTOGETHER_MS = 120_000;
const BETWEEN_MS = 100;

/** Asks until there is an answer that is final, whatever happens to the plane meanwhile; throws when it is no. */
export async function askUntilHeard(ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const until = performance.now() + LONGEST_ALTOGETHER_MS;
  for (;;) {
    const answer = await ask(AbortSignal.timeout(LONGEST_MS)).catch(() => undefined);
    if (answer !== undefined && answer.status < 300) return answer;
    if (answer !== undefined && answer.status < 500) throw new Error(`the plane refused: ${answer.text}`);
    if (performance.now() > until) throw new Error(`the plane stays away: ${answer?.text ?? 'no answer'}`);
    await pause(BETWEEN_MS);
  }
}

/** Every item of a list, page by page. */
export async function readAll<Item>(
  client: Client,
  path: string,
  itemsOf: (answer: Answer) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const joined = `${path}${path.includes('?') ? '&' : '?'}limit=500${from}`;
    const answer = await askUntilHeard((signal) => client.get(joined, { signal }));
    items.push(...(itemsOf(answer) ?? []));
    cursor = answer.body.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
