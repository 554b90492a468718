import type { ProviderName } from '@countersign/protocol/action/providers';
import { ConfigError } from '../config/config-error.ts';
import type { SecretReference } from '../config/secret.ts';
import { CommandExecutor } from './command.ts';
import { domainOf } from './email-address.ts';
import { EmailMessageExecutor } from './email-message.ts';
import type { Executor } from './executor.ts';
import type { ExecutorConfig, ExecutorsConfig } from './executor-config.ts';
import { Executors } from './executors.ts';
import type { HttpGuard } from './guarded-fetch.ts';
import {
  CANNOT_STAND_IN_HEADER,
  canStandInHeader,
  type SecretReader,
  secretReader,
} from './secret-reader.ts';
import { SlackMessageExecutor } from './slack-message.ts';
import { StripeRefundExecutor } from './stripe-refund.ts';
import { WebhookExecutor } from './webhook.ts';
import { webhookKey } from './webhook-signature.ts';
import { ZendeskTicketExecutor } from './zendesk-ticket.ts';

/** No answer that anybody here reads is longer; a page of Slack's history comes closest. */
const MOST_ANSWER_BYTES = 8 * 1_024 * 1_024;

/** Whose secrets go into headers. */
const IN_HEADERS: readonly ProviderName[] = ['stripe.refund', 'zendesk.ticket', 'slack.message'];

type Reader = (reference: SecretReference) => SecretReader;

/**
 * The executors that a configuration names. Reads each secret once, so that one that is missing is told now and not at
 * the first action; throws `ConfigError` with all of them.
 */
export async function makeExecutors(config: ExecutorsConfig, environment = process.env): Promise<Executors> {
  const faults: string[] = [];
  const byTarget = new Map<string, Executor>();
  for (const [target, one] of Object.entries(config)) {
    const readers: SecretReader[] = [];
    byTarget.set(
      target,
      makeExecutor(one, (reference) => {
        const reader = secretReader(reference, environment);
        readers.push(reader);
        return reader;
      }),
    );
    const fault = await secretFault(one, readers);
    if (fault !== undefined) faults.push(`$.executors.${target}: ${fault}`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return new Executors(byTarget);
}

/** What is wrong with the secrets of a target, by the names of their places. */
async function secretFault(
  { provider }: ExecutorConfig,
  readers: readonly SecretReader[],
): Promise<string | undefined> {
  try {
    for (const read of readers) {
      const secret = await read();
      if (provider === 'webhook' && webhookKey(secret) === undefined) {
        return 'a secret of a webhook must be whsec_ and 24 to 64 bytes in base64';
      }
      if (IN_HEADERS.includes(provider) && !canStandInHeader(secret)) {
        return CANNOT_STAND_IN_HEADER;
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.join('; ');
    throw error;
  }
}

function makeExecutor(config: ExecutorConfig, reader: Reader): Executor {
  switch (config.provider) {
    case 'webhook':
      return new WebhookExecutor({
        url: config.url,
        guard: guardOf(config),
        secrets: config.secrets.map(reader),
        remembersMs: config.remembers_ms,
      });
    case 'stripe.refund':
      return new StripeRefundExecutor({
        guard: guardOf(config),
        secretKey: reader(config.secret_key),
        account: config.account,
      });
    case 'zendesk.ticket':
      return new ZendeskTicketExecutor({
        guard: guardOf(config),
        email: config.email,
        token: reader(config.token),
      });
    case 'slack.message':
      return new SlackMessageExecutor({
        guard: guardOf(config),
        apiUrl: config.url,
        token: reader(config.token),
        channels: config.channels ?? null,
      });
    case 'email.message':
      return makeEmail(config, reader);
    case 'command':
      return makeCommand(config, reader);
  }
}

function guardOf({ allow_private, timeout_ms, url }: Extract<ExecutorConfig, { url: string }>): HttpGuard {
  return {
    origin: new URL(url).origin,
    allowPrivate: allow_private,
    timeoutMs: timeout_ms,
    mostAnswerBytes: MOST_ANSWER_BYTES,
  };
}

function makeEmail(config: Extract<ExecutorConfig, { provider: 'email.message' }>, reader: Reader): Executor {
  const { from, host, login, message_id_domain, port, recipient_domains, timeout_ms, tls } = config;
  return new EmailMessageExecutor({
    server: { host, port, tls, timeoutMs: timeout_ms },
    login: login === undefined ? null : { user: login.user, password: reader(login.password) },
    from,
    messageIdDomain: message_id_domain ?? domainOf(from),
    recipientDomains: recipient_domains ?? null,
  });
}

function makeCommand(config: Extract<ExecutorConfig, { provider: 'command' }>, reader: Reader): Executor {
  const { args, cwd, program, secrets, timeout_ms } = config;
  return new CommandExecutor({
    program,
    args,
    cwd,
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([name, reference]) => [name, reader(reference)]),
    ),
    timeoutMs: timeout_ms,
  });
}
