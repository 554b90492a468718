import { actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Executor } from './executor.ts';
import { FakeProvider, type ProviderAnswer } from './fake-provider.ts';
import { never, sampleEffect } from './sample-action.ts';
import { SlackMessageExecutor } from './slack-message.ts';
import { StripeRefundExecutor } from './stripe-refund.ts';
import { WebhookExecutor } from './webhook.ts';
import { ZendeskTicketExecutor } from './zendesk-ticket.ts';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

let provider: FakeProvider;
beforeAll(async () => {
  provider = await FakeProvider.start();
});
afterAll(() => provider.stop());

const word = fc.constantFrom(
  ...['id', 'ticket', 'tickets', 'error', 'ok', 'ts', 'messages', 'metadata', 'data', 'has_more', 'status'],
  ...['code', 'type', 'response_metadata', 'warnings', 'next_cursor', 'message', 'lastResponse', '__proto__'],
);
/** Such JSON as means something to one of them, in places where it does and does not. */
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, 7, 'x', 're_1', '1.2', 'card_error', SECRET, `${SECRET} is bad`),
    fc.string(),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(word, tie('json'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const answers: fc.Arbitrary<ProviderAnswer> = fc.record({
  status: fc.constantFrom(
    200,
    200,
    200,
    201,
    204,
    302,
    303,
    400,
    401,
    402,
    403,
    404,
    409,
    422,
    429,
    500,
    503,
    599,
  ),
  body: fc.oneof(
    json.map((value) => JSON.stringify(value) ?? ''),
    fc.string(),
  ),
  headers: fc.constantFrom<Record<string, string>[]>(
    {},
    { 'retry-after': '5' },
    { 'retry-after': '-5' },
    { 'retry-after': SECRET },
    { 'stripe-should-retry': 'true' },
    { 'stripe-notice': SECRET },
    { 'content-type': 'application/gzip' },
    { 'content-encoding': 'gzip' },
    { 'idempotent-replayed': 'true', 'x-idempotency-lookup': 'hit' },
  ),
});

const secret = async () => SECRET;
const executors: [string, () => Executor, object][] = [
  [
    'webhook',
    () =>
      new WebhookExecutor({
        url: provider.origin,
        guard: provider.guard(),
        secrets: [secret],
        remembersMs: 1,
      }),
    {},
  ],
  [
    'stripe.refund',
    () => new StripeRefundExecutor({ guard: provider.guard(), secretKey: secret }),
    { payment_intent: 'pi_1' },
  ],
  [
    'zendesk.ticket',
    () => new ZendeskTicketExecutor({ guard: provider.guard(), email: 'a@b.example', token: secret }),
    { subject: 'a', comment: 'b' },
  ],
  [
    'slack.message',
    () =>
      new SlackMessageExecutor({
        guard: provider.guard(),
        apiUrl: `${provider.origin}/api/`,
        token: secret,
        channels: null,
      }),
    { channel: 'C0123456789', text: 'a' },
  ],
];

describe.each(executors)('whatever is answered to %s', (_provider, executor, input) => {
  const effect = sampleEffect({ input: { ...input }, firstBegunAt: Date.now() });

  test('comes to an outcome, once, that tells no secret', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        provider.requests.length = 0;
        provider.answers(answer);
        const outcome = await executor().perform(effect, never);
        const { detail, ...told } = actionOutcomeSchema.parse(outcome);
        expect(detail).toBeUndefined();
        // What it made it may name as it likes.
        if (told.outcome !== 'succeeded') expect(JSON.stringify(told)).not.toContain(SECRET);
        expect(provider.requests).toHaveLength(1);
        if (Number(answer.status) >= 500) expect(told.outcome).toBe('unknown');
      }),
      { numRuns: 150 },
    );
  });

  test('is found, or not found, or not known', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        provider.answers(answer);
        const found = await executor().find?.(effect, never);
        if (found === undefined) return;
        expect(['yes', 'no', 'unknown']).toContain(found.found);
        if (Number(answer.status) >= 300) expect(found.found).toBe('unknown');
        if (found.found === 'unknown') expect(found.code).toMatch(/^[A-Za-z0-9_.:-]{1,100}$/);
      }),
      { numRuns: 150 },
    );
  });
});
