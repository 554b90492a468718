import * as z from 'zod';
import { counts, digest, id, list, mintedId, number, time, truth, version, word } from './withheld.ts';

/* What of each answer of the control plane a bundle keeps. */

export const statusOutline = z.object({ status: word, project_id: id, server_time: time });

export const healthOutline = z.object({
  status: word,
  server_time: time,
  depths: counts,
  actions: counts,
  tasks: counts,
  oldest: z.object({ pending_review: time, queued: time, lease_expires_at: time }).nullable().catch(null),
  ledger: z.object({ seq: number, hash: digest }).nullable().catch(null),
  turn: number,
  object: z
    .object({
      started_at: time,
      held_polls: number,
      waiting_commands: number,
      turns: number,
      commands: number,
      batches: number,
      retries: number,
      rowsRead: number,
      rowsWritten: number,
    })
    .nullable()
    .catch(null),
});

export const runnerOutline = z.object({
  runner_id: id,
  status: word,
  runner_version: version,
  engines: list(word),
  source_ids: list(id),
  capabilities: list(word),
  control_digest: digest,
  registered_at: time,
  started_at: time,
  last_seen_at: time,
  is_polling: truth,
  active_leases: counts,
  safe_to_stop: truth,
  frozen: z.object({ freeze_id: mintedId, is_stop: truth }).nullable().catch(null),
});

/** Who placed it and why stays where it is: both are words of people. */
export const freezeOutline = z.object({
  freeze_id: mintedId,
  scope: z.object({ kind: word, id: id.optional() }).nullable().catch(null),
  is_stop: truth,
  placed_at: time,
  until: time,
  state: word,
});

export const limitOutline = z.object({
  name: word,
  window: word,
  used: number,
  limit: number,
  neared_at: time,
});

/** An id in an entry may be one that a customer chose by a row's key: only minted ones are kept, and runners'. */
const subject = z
  .string()
  .nullable()
  .catch(null)
  .transform((text) => {
    const [first = '', ...rest] = text?.split('/') ?? [];
    if (rest.length === 0) return { noun: 'proposal', id: mintedId.parse(first) };
    const named = rest.join('/');
    return { noun: word.parse(first), id: first === 'runner' ? id.parse(named) : mintedId.parse(named) };
  });

export const entryOutline = z.object({
  seq: number,
  at: time,
  type: word,
  actor: z.object({ kind: word }).nullable().catch(null),
  subject,
});

/** Of what the runner's doctor says: where it looked, and what came of it. Its words may name columns. */
export const doctorOutline = z.object({
  runner_version: version,
  checks: list(z.object({ where: id, outcome: word })),
});
