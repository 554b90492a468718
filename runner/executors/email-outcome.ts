import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import { failed, misconfigured, retry, unknown } from './outcomes.ts';
import type { Refusal } from './send-mail.ts';

/** Greylisting asks for a few minutes, and the others come sooner anyway. */
const TEMPORARY_MS = 5 * 60_000;
/** nodemailer's for answers about this mail; others are about who sends it. */
const ABOUT_THE_MAIL = ['EENVELOPE', 'EMESSAGE'];
/** They want a login, or a stronger one, than the configuration has. */
const WANTS_LOGIN = [530, 534, 538];

/**
 * What is true of a mail that was not accepted. The server's answer decides where there is one; without it, whether
 * all of the message was out.
 */
export function outcomeOfSmtp(refusal: Refusal): ActionOutcome {
  const { ended, errorCode, isOut, isTls, responseCode = 0 } = refusal;
  const isTemporary = responseCode >= 400 && responseCode <= 499;
  const isFinal = responseCode >= 500 && responseCode <= 599;
  if (isTemporary) return retry(`smtp_${responseCode}`, TEMPORARY_MS);
  // A message that got neither of these for an answer may have been taken.
  if (isOut && !isFinal) return unknown(ended ?? 'connection_lost');
  if (isTls) return misconfigured('tls_failed');
  if (errorCode === 'EAUTH') return misconfigured('credentials_refused');
  if (isFinal) {
    const isAboutMail = ABOUT_THE_MAIL.includes(errorCode ?? '') && !WANTS_LOGIN.includes(responseCode);
    return isAboutMail ? failed(`smtp_${responseCode}`) : misconfigured(`smtp_${responseCode}`);
  }
  return retry(ended ?? 'connect_failed');
}
