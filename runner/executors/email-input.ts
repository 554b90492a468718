import type { ActionInput } from '@countersign/protocol/action/providers';
import { addressFault, domainOf } from './email-address.ts';
import { textOf } from './input-text.ts';

export interface MailInput {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly replyTo: string | undefined;
}

/** Line ends would begin another header; nobody can see what the others do. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const LONGEST_SUBJECT = 400;

/** A mail to one recipient; a text says what is wrong with the input, without its values. */
export function mailOf(input: ActionInput, recipientDomains: readonly string[] | null): MailInput | string {
  const to = textOf(input, 'to') ?? '';
  const subject = textOf(input, 'subject') ?? '';
  const text = textOf(input, 'text') ?? '';
  const replyTo = textOf(input, 'reply_to');
  const toFault = addressFault(to);
  if (toFault !== undefined) return `to ${toFault}`;
  if (recipientDomains !== null && !recipientDomains.includes(domainOf(to))) {
    return 'to is not of a domain that is configured';
  }
  const replyFault = replyTo === undefined ? undefined : addressFault(replyTo);
  if (replyFault !== undefined) return `reply_to ${replyFault}`;
  if (subject.trim() === '' || subject.length > LONGEST_SUBJECT) {
    return `subject must have 1 to ${LONGEST_SUBJECT} characters`;
  }
  if (CONTROL.test(subject)) return 'subject must be one line, without control characters';
  if (text.trim() === '') return 'text must not be empty';
  return { to, subject, text, replyTo };
}
