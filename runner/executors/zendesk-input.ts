import type { ActionInput } from '@countersign/protocol/action/providers';
import { addressFault } from './email-address.ts';
import { textOf } from './input-text.ts';

const CHOICES = {
  priority: ['urgent', 'high', 'normal', 'low'],
  type: ['problem', 'incident', 'question', 'task'],
} as const;

/** A ticket as Zendesk takes it; a text says what is wrong with the input, without its values. */
export function ticketOf(input: ActionInput): Readonly<Record<string, unknown>> | string {
  const subject = textOf(input, 'subject');
  const body = textOf(input, 'comment');
  if (subject === undefined || subject.trim() === '') return 'subject must not be empty';
  if (body === undefined || body.trim() === '') return 'comment must not be empty';
  for (const [field, choices] of Object.entries(CHOICES)) {
    const value = textOf(input, field);
    if (value !== undefined && !choices.some((one) => one === value)) {
      return `${field} must be one of ${choices.join(', ')}`;
    }
  }
  const requester = requesterOf(input);
  if (typeof requester === 'string') return requester;
  return {
    subject,
    comment: { body },
    ...chosen(input, 'priority'),
    ...chosen(input, 'type'),
    ...(requester !== undefined && { requester }),
  };
}

function chosen(input: ActionInput, field: keyof typeof CHOICES): Readonly<Record<string, string>> {
  const value = textOf(input, field);
  return value === undefined ? {} : { [field]: value };
}

/** Without one, whose the token is. */
function requesterOf(input: ActionInput): Readonly<Record<string, string>> | string | undefined {
  const email = textOf(input, 'requester_email');
  const name = textOf(input, 'requester_name');
  if (email === undefined) {
    return name === undefined ? undefined : 'requester_name needs a requester_email';
  }
  const fault = addressFault(email);
  if (fault !== undefined) return `requester_email ${fault}`;
  return { email, ...(name !== undefined && { name }) };
}
