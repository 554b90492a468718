import type { ActionInput } from '@countersign/protocol/action/providers';
import { textOf } from './input-text.ts';

export interface SlackMessage {
  readonly channel: string;
  readonly text: string;
}

/** By its id and not by its name: names change hands, and history is asked by id only. */
const CHANNEL_ID = /^[CGD][A-Z0-9]{2,30}$/;
/** Slack cuts longer texts. */
const LONGEST_TEXT = 40_000;

/** A message as Slack takes it; a text says what is wrong with the input, without its values. */
export function messageOf(input: ActionInput, channels: readonly string[] | null): SlackMessage | string {
  const channel = textOf(input, 'channel') ?? '';
  const text = escaped(textOf(input, 'text') ?? '');
  if (!CHANNEL_ID.test(channel)) return 'channel must be the id of a channel, as C0123456789';
  if (channels !== null && !channels.includes(channel)) return 'channel is not one that is configured';
  if (text.trim() === '') return 'text must not be empty';
  if (text.length > LONGEST_TEXT) return `text must have at most ${LONGEST_TEXT} characters`;
  return { channel, text };
}

/** In Slack's text `<!channel>` calls everybody and `<url|name>` hides where a link leads. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
