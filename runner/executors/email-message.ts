import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import { mailOf } from './email-input.ts';
import { outcomeOfSmtp } from './email-outcome.ts';
import type { Effect, Executor } from './executor.ts';
import { failed, misconfigured, succeeded } from './outcomes.ts';
import { readSecrets, type SecretReader } from './secret-reader.ts';
import { type SmtpServer, sendMail } from './send-mail.ts';

export interface EmailOptions {
  readonly server: SmtpServer;
  readonly login: { readonly user: string; readonly password: SecretReader } | null;
  readonly from: string;
  /** What Message-IDs end in. */
  readonly messageIdDomain: string;
  /** The only domains of recipients, in lower case; null: any. */
  readonly recipientDomains: readonly string[] | null;
}

/**
 * Hands an e-mail to a server over SMTP. SMTP knows no keys and answers no questions: what got lost after the message
 * was out is for a person to find out, by its Message-ID in the server's log.
 */
export class EmailMessageExecutor implements Executor {
  readonly provider = 'email.message';
  readonly remembersMs = null;
  readonly #options: EmailOptions;

  constructor(options: EmailOptions) {
    this.#options = options;
  }

  async perform({ input, key }: Effect, signal: AbortSignal): Promise<ActionOutcome> {
    const { from, login, messageIdDomain, recipientDomains, server } = this.#options;
    const mail = mailOf(input, recipientDomains);
    if (typeof mail === 'string') return failed('input_refused', mail);
    const secrets = await readSecrets(login === null ? [] : [login.password]);
    if (secrets === undefined) return misconfigured('secret_missing');
    const auth = login === null ? undefined : { user: login.user, pass: secrets[0] ?? '' };
    const messageId = `<${key}@${messageIdDomain}>`;
    const end = await sendMail(server, auth, { ...mail, from, messageId }, signal);
    return end.isAccepted ? succeeded(messageId) : outcomeOfSmtp(end);
  }
}
