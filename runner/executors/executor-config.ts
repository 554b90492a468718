import { isAbsolute } from 'node:path';
import { labelSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { addIssue } from '../config/add-issue.ts';
import { ENVIRONMENT_NAME, secretReferenceSchema } from '../config/secret.ts';
import { addressFault, isDomain } from './email-address.ts';
import { isLoopbackHost, urlFault } from './executor-url.ts';

/** Below it nothing answers; above it a claim would lapse, and a runner that stops would wait. */
const timeoutSchema = z.int().min(100).max(120_000);
const MOST_SECRETS = 5;
const DAY_MS = 24 * 60 * 60_000;

const allowPrivateSchema = z.boolean().default(false);
const emailSchema = z.string().superRefine((text, context) => addIssue(context, addressFault(text)));
const domainSchema = z
  .string()
  .refine(isDomain, 'must be a domain, as example.com')
  .transform((text) => text.toLowerCase());
const absolutePathSchema = z.string().max(4_096).refine(isAbsolute, 'must be an absolute path');
const argumentSchema = z
  .string()
  .max(4_096)
  .refine((text) => !text.includes('\0'), 'must not hold a NUL');

const webhookSchema = z.strictObject({
  provider: z.literal('webhook'),
  url: z.string(),
  /** The newest first; each signs. */
  secrets: z.array(secretReferenceSchema).min(1).max(MOST_SECRETS),
  timeout_ms: timeoutSchema.default(15_000),
  /** How long the receiver drops a `webhook-id` that it has had. */
  remembers_ms: z
    .int()
    .min(0)
    .max(365 * DAY_MS)
    .default(DAY_MS),
  allow_private: allowPrivateSchema,
});

const stripeSchema = z.strictObject({
  provider: z.literal('stripe.refund'),
  secret_key: secretReferenceSchema,
  account: z
    .string()
    .regex(/^acct_[A-Za-z0-9]{1,100}$/, 'must be the id of an account, acct_...')
    .optional(),
  url: z.string().default('https://api.stripe.com'),
  timeout_ms: timeoutSchema.default(30_000),
  allow_private: allowPrivateSchema,
});

const zendeskSchema = z.strictObject({
  provider: z.literal('zendesk.ticket'),
  /** https://your-subdomain.zendesk.com */
  url: z.string(),
  email: emailSchema,
  token: secretReferenceSchema,
  timeout_ms: timeoutSchema.default(30_000),
  allow_private: allowPrivateSchema,
});

const slackSchema = z.strictObject({
  provider: z.literal('slack.message'),
  token: secretReferenceSchema,
  /** The only channels, by id; wherever the app is when left away. */
  channels: z
    .array(z.string().regex(/^[CGD][A-Z0-9]{2,30}$/, 'must be the id of a channel, as C0123456789'))
    .min(1)
    .optional(),
  url: z.string().default('https://slack.com/api/'),
  timeout_ms: timeoutSchema.default(30_000),
  allow_private: allowPrivateSchema,
});

const emailMessageSchema = z.strictObject({
  provider: z.literal('email.message'),
  host: z
    .string()
    .max(253)
    .regex(/^[A-Za-z0-9.:-]+$/, 'must be a host name or an address, without a port'),
  port: z.int().min(1).max(65_535),
  tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
  login: z.strictObject({ user: z.string().min(1).max(320), password: secretReferenceSchema }).optional(),
  from: emailSchema,
  /** What Message-IDs end in; the domain of `from` when left away. */
  message_id_domain: domainSchema.optional(),
  /** The only domains of recipients; any when left away. */
  recipient_domains: z.array(domainSchema).min(1).optional(),
  timeout_ms: timeoutSchema.default(60_000),
});

const commandSchema = z.strictObject({
  provider: z.literal('command'),
  program: absolutePathSchema,
  args: z.array(argumentSchema).max(100).default([]),
  cwd: absolutePathSchema.default('/'),
  /** What it is given in its environment. */
  secrets: z
    .record(
      z
        .string()
        .regex(ENVIRONMENT_NAME, 'must be the name of an environment variable')
        .refine((name) => name !== 'PATH' && !name.startsWith('COUNTERSIGN_'), 'is set by the runner'),
      secretReferenceSchema,
    )
    .default({}),
  timeout_ms: timeoutSchema.default(60_000),
});

/** One target: which provider, whose account there, and what this runner lets through. */
export const executorConfigSchema = z
  .discriminatedUnion(
    'provider',
    [webhookSchema, stripeSchema, zendeskSchema, slackSchema, emailMessageSchema, commandSchema],
    { error: 'must be one of webhook, stripe.refund, zendesk.ticket, slack.message, email.message, command' },
  )
  .superRefine((config, context) => {
    if ('url' in config) {
      const mayHavePath = config.provider === 'webhook' || config.provider === 'slack.message';
      addIssue(context, urlFault(config.url, { allowPrivate: config.allow_private, mayHavePath }), ['url']);
    }
    if (config.provider === 'email.message' && config.tls === 'none' && !isLoopbackHost(config.host)) {
      addIssue(context, 'must not be none, unless host is this machine: 127.0.0.1, ::1 or localhost', [
        'tls',
      ]);
    }
  });
export type ExecutorConfig = z.infer<typeof executorConfigSchema>;

/** The runner's executors, by the names of their targets. */
export const executorsConfigSchema = z.record(labelSchema, executorConfigSchema);
export type ExecutorsConfig = z.infer<typeof executorsConfigSchema>;
