import * as z from 'zod';
import type { Scalar } from '../values.ts';

/** What an executor is given to say: by name, in the words of its provider. */
export type ActionInput = Readonly<Record<string, Scalar>>;

/** The kinds of effects outside of a database, each carried out by an executor of that name in the runner. */
export const providerNames = [
  'webhook',
  'stripe.refund',
  'zendesk.ticket',
  'slack.message',
  'email.message',
  'command',
] as const;
export const providerSchema = z.enum(providerNames);
export type ProviderName = z.infer<typeof providerSchema>;

interface Field {
  readonly type: 'string' | 'number' | 'boolean';
  readonly isRequired: boolean;
}

/** What is true of a provider, wherever its executor runs. */
export interface Provider {
  /** The fields that its input may have; null: whatever the contract names. */
  readonly fields: Readonly<Record<string, Field>> | null;
  /**
   * Whether an executor that lost its way can find out by itself what came of an attempt: because the provider drops a
   * repeated key, or can be asked. Where it cannot, nothing is tried again without a person.
   */
  readonly settlesItself: boolean;
  /** Whether a repeated key does nothing there, so that a claim need not say when it begins. */
  readonly dropsRepeats: boolean;
}

const text: Field = { type: 'string', isRequired: true };
const optionalText: Field = { type: 'string', isRequired: false };

export const providers: Readonly<Record<ProviderName, Provider>> = {
  webhook: { fields: null, settlesItself: true, dropsRepeats: true },
  'stripe.refund': {
    fields: {
      payment_intent: text,
      /** In the smallest unit of the currency; all that is left, where it is absent. */
      amount: { type: 'number', isRequired: false },
      reason: optionalText,
    },
    settlesItself: true,
    dropsRepeats: true,
  },
  'zendesk.ticket': {
    fields: {
      subject: text,
      comment: text,
      requester_email: optionalText,
      requester_name: optionalText,
      priority: optionalText,
      type: optionalText,
    },
    settlesItself: true,
    dropsRepeats: true,
  },
  'slack.message': { fields: { channel: text, text }, settlesItself: true, dropsRepeats: false },
  'email.message': {
    fields: { to: text, subject: text, text, reply_to: optionalText },
    settlesItself: false,
    dropsRepeats: false,
  },
  command: { fields: null, settlesItself: false, dropsRepeats: false },
};
