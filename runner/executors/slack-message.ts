import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import { LogLevel, WebClient } from '@slack/web-api';
import type { Effect, Executor, Found } from './executor.ts';
import { guardedFetch, type HttpGuard } from './guarded-fetch.ts';
import { failed, misconfigured, succeeded, unknown } from './outcomes.ts';
import { readHeaderSecret, type SecretReader } from './secret-reader.ts';
import { slackFetch } from './slack-fetch.ts';
import { findMessage, MESSAGE_EVENT } from './slack-history.ts';
import { messageOf } from './slack-input.ts';
import { notFoundOutAtSlack, outcomeOfSlack } from './slack-outcome.ts';

export interface SlackOptions {
  readonly guard: HttpGuard;
  /** Ends with a slash. */
  readonly apiUrl: string;
  readonly token: SecretReader;
  /** The only channels that may be written to; null: wherever the app is. */
  readonly channels: readonly string[] | null;
}

/** By it Slack names a message in its channel. */
const TIMESTAMP = /^\d{1,20}\.\d{1,20}$/;

/**
 * Posts a message to a Slack channel, through Slack's own library. Slack knows no keys: the key goes along as the
 * message's metadata, and is looked for in the channel's history.
 */
export class SlackMessageExecutor implements Executor {
  readonly provider = 'slack.message';
  readonly remembersMs = null;
  readonly #options: SlackOptions;

  constructor(options: SlackOptions) {
    this.#options = options;
  }

  async perform(effect: Effect, signal: AbortSignal): Promise<ActionOutcome> {
    const message = messageOf(effect.input, this.#options.channels);
    if (typeof message === 'string') return failed('input_refused', message);
    const slack = await this.#client(signal);
    if (slack === undefined) return misconfigured('secret_missing');
    try {
      const posted = await slack.chat.postMessage({
        ...message,
        metadata: { event_type: MESSAGE_EVENT, event_payload: { key: effect.key } },
        // Whoever approved the text did not approve what its links lead to.
        unfurl_links: false,
        unfurl_media: false,
      });
      if (posted.ts === undefined || !TIMESTAMP.test(posted.ts)) return unknown('answer_invalid');
      return succeeded(`${message.channel}:${posted.ts}`);
    } catch (error) {
      return outcomeOfSlack(error);
    }
  }

  readonly find = async (effect: Effect, signal: AbortSignal): Promise<Found> => {
    // In any channel: which ones are configured may have changed since.
    const message = messageOf(effect.input, null);
    if (typeof message === 'string') return { found: 'no' };
    const slack = await this.#client(signal);
    if (slack === undefined) return { found: 'unknown', code: 'secret_missing' };
    try {
      return await findMessage(slack, message, effect);
    } catch (error) {
      return notFoundOutAtSlack(error);
    }
  };

  /** One for each request: it is the way to give a request its signal, and the token may have changed. */
  async #client(signal: AbortSignal): Promise<WebClient | undefined> {
    const { apiUrl, guard, token } = this.#options;
    const secret = await readHeaderSecret(token);
    if (secret === undefined) return undefined;
    return new WebClient(secret, {
      slackApiUrl: apiUrl,
      allowAbsoluteUrls: false,
      fetch: slackFetch(guardedFetch(guard, signal)),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: SILENT,
    });
  }
}

/** Its log has bodies and what the network said. */
const ignore = () => undefined;
const SILENT = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  getLevel: () => LogLevel.ERROR,
  setName: ignore,
};
