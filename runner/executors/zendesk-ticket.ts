import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import * as z from 'zod';
import type { Effect, Executor, Found } from './executor.ts';
import { type GuardedFetch, guardedFetch, type HttpGuard } from './guarded-fetch.ts';
import { jsonOf, notFoundOut, outcomeOfFault, outcomeOfStatus } from './http-outcome.ts';
import { failed, misconfigured, succeeded, unknown, wordOf } from './outcomes.ts';
import { readHeaderSecret, type SecretReader } from './secret-reader.ts';
import { ticketOf } from './zendesk-input.ts';

export interface ZendeskOptions {
  readonly guard: HttpGuard;
  /** Of the agent whose token it is. */
  readonly email: string;
  readonly token: SecretReader;
}

/** Zendesk: an idempotency key expires after two hours. */
const REMEMBERS_MS = 2 * 60 * 60_000;
const TICKETS = '/api/v2/tickets.json';

const ticketSchema = z.object({ id: z.int().min(1), external_id: z.string().nullish() });
const madeSchema = z.object({ ticket: ticketSchema });
const listSchema = z.object({ tickets: z.array(ticketSchema) });
const refusalSchema = z.object({ error: z.unknown().optional() });

/** Opens a ticket in Zendesk. The key is the ticket's external id, by which it is found when Zendesk forgot the key. */
export class ZendeskTicketExecutor implements Executor {
  readonly provider = 'zendesk.ticket';
  readonly remembersMs = REMEMBERS_MS;
  readonly #options: ZendeskOptions;

  constructor(options: ZendeskOptions) {
    this.#options = options;
  }

  async perform(effect: Effect, signal: AbortSignal): Promise<ActionOutcome> {
    const ticket = ticketOf(effect.input);
    if (typeof ticket === 'string') return failed('input_refused', ticket);
    const fetch = await this.#fetch(signal);
    if (fetch === undefined) return misconfigured('secret_missing');
    const body = JSON.stringify({ ticket: { ...ticket, external_id: effect.key } });
    try {
      return await outcomeOf(
        await fetch(TICKETS, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': effect.key },
          body,
        }),
      );
    } catch (fault) {
      return outcomeOfFault(fault);
    }
  }

  readonly find = async ({ key }: Effect, signal: AbortSignal): Promise<Found> => {
    const fetch = await this.#fetch(signal);
    if (fetch === undefined) return { found: 'unknown', code: 'secret_missing' };
    try {
      return await foundIn(await fetch(`${TICKETS}?${new URLSearchParams({ external_id: key })}`), key);
    } catch (fault) {
      return notFoundOut(fault);
    }
  };

  /** Takes paths, and says who asks. */
  async #fetch(signal: AbortSignal): Promise<GuardedFetch | undefined> {
    const { email, guard, token } = this.#options;
    const secret = await readHeaderSecret(token);
    if (secret === undefined) return undefined;
    const authorization = `Basic ${Buffer.from(`${email}/token:${secret}`).toString('base64')}`;
    const fetch = guardedFetch(guard, signal);
    return (path, request = {}) =>
      fetch(new URL(path, guard.origin), {
        ...request,
        headers: { ...Object.fromEntries(new Headers(request.headers)), authorization },
      });
  }
}

async function outcomeOf(answer: Response): Promise<ActionOutcome> {
  const { headers, status } = answer;
  if (status === 401 || status === 403) return misconfigured('credentials_refused');
  const json = await jsonOf(answer);
  if (status >= 200 && status <= 299) {
    const made = madeSchema.safeParse(json);
    if (!made.success) return unknown('answer_invalid');
    return succeeded(String(made.data.ticket.id), {
      was_done: headers.get('x-idempotency-lookup') === 'hit',
    });
  }
  // Somebody, perhaps an earlier attempt, is at the same thing just now.
  if (status === 409) return unknown('http_409');
  const refusal = refusalSchema.safeParse(json);
  const word = refusal.success ? wordOf(refusal.data.error) : undefined;
  return outcomeOfStatus(status, headers.get('retry-after'), word);
}

async function foundIn(answer: Response, key: string): Promise<Found> {
  if (answer.status !== 200) return { found: 'unknown', code: `http_${answer.status}` };
  const list = listSchema.safeParse(await jsonOf(answer));
  if (!list.success) return { found: 'unknown', code: 'answer_invalid' };
  const { tickets } = list.data;
  const ticket = tickets.find(({ external_id }) => external_id === key);
  if (ticket !== undefined) return { found: 'yes', reference: String(ticket.id) };
  // Tickets that were not asked for: the filter did not work, and what is not among them may still be there.
  return tickets.length === 0 ? { found: 'no' } : { found: 'unknown', code: 'answer_invalid' };
}
