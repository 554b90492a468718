import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { Effect, Found } from './executor.ts';
import type { SlackMessage } from './slack-input.ts';

export const MESSAGE_EVENT = 'countersign_action';

const PAGE = 200;
const MOST_PAGES = 5;
/** Slack's clock and ours may differ. */
const EARLIER_MS = 5 * 60_000;

const historySchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      text: z.string().optional(),
      metadata: z
        .object({
          event_type: z.string(),
          event_payload: z.object({ key: z.string().optional() }).optional(),
        })
        .optional(),
    }),
  ),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
type Message = z.infer<typeof historySchema>['messages'][number];

/** Looks for the message since a little before it may first have been sent. Throws as the library does. */
export async function findMessage(
  slack: WebClient,
  message: SlackMessage,
  { firstBegunAt, key }: Effect,
): Promise<Found> {
  const oldest = String(Math.max(0, (firstBegunAt ?? Date.now()) - EARLIER_MS) / 1_000);
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await slack.conversations.history({
      channel: message.channel,
      oldest,
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor !== undefined && { cursor }),
    });
    const history = historySchema.safeParse(answer);
    if (!history.success) return { found: 'unknown', code: 'answer_invalid' };
    const found = foundIn(history.data.messages, message, key);
    if (found !== undefined) return found;
    cursor = history.data.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') {
      return history.data.has_more ? { found: 'unknown', code: 'history_cut' } : { found: 'no' };
    }
  }
  return { found: 'unknown', code: 'history_too_long' };
}

function foundIn(
  messages: readonly Message[],
  { channel, text }: SlackMessage,
  key: string,
): Found | undefined {
  const own = messages.find(
    ({ metadata }) => metadata?.event_type === MESSAGE_EVENT && metadata.event_payload?.key === key,
  );
  if (own !== undefined) return { found: 'yes', reference: `${channel}:${own.ts}` };
  // The same words without a mark: this app may not see marks, and then finds nothing where there is something.
  const isUnmarked = messages.some((message) => message.text === text && message.metadata === undefined);
  return isUnmarked ? { found: 'unknown', code: 'metadata_missing' } : undefined;
}
