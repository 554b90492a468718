import * as z from 'zod';
import { digestSchema, timestampSchema } from './values.ts';

/**
 * The subprotocol of the live feed. Whoever opens a socket offers it and, beside it, a ticket, which is never chosen.
 * Another form of message is another subprotocol, so fields that are not known are errors on both sides.
 */
export const LIVE_PROTOCOL = 'countersign.live.v1';

/** Answered without waking anybody. */
export const PING = 'ping';
export const PONG = 'pong';
/** What a reader sends once it has read a message of kind `ack`, and the only other thing that it may send. */
export const ACK = 'ack';

/** Where the ledger ends: the sequence and hash of its newest entry. */
export const liveHeadSchema = z.strictObject({ seq: z.int().min(0), hash: digestSchema });
export type LiveHead = z.infer<typeof liveHeadSchema>;

/**
 * That an entry is there. Its content is read by the API, with the reader's own permissions. Of an entry about something
 * that the reader may not see, only sequence and time are there.
 */
export const liveEntrySchema = z.strictObject({
  seq: z.int().min(1),
  at: timestampSchema,
  /** The type of the entry; newer releases have more than this one knows. */
  kind: z.string().optional(),
  subject: z.string().optional(),
  proposal_id: z.string().optional(),
  action_id: z.string().optional(),
  run_id: z.string().optional(),
  runner_id: z.string().optional(),
});
export type LiveEntry = z.infer<typeof liveEntrySchema>;

export const liveMessageSchema = z.discriminatedUnion('kind', [
  /** The first message: where the ledger ends, the time of the plane, and when the ticket's word ends. */
  z.strictObject({
    kind: z.literal('hello'),
    head: liveHeadSchema,
    at: timestampSchema,
    ends_at: timestampSchema,
  }),
  /** The entries after the sequence `after`, without a gap, to `head`, which is the last of them. */
  z.strictObject({
    kind: z.literal('changes'),
    after: z.int().min(0),
    entries: z.array(liveEntrySchema),
    head: liveHeadSchema,
    /** Runners that were heard of. No entry says so, and it is not said again. */
    seen: z.array(z.string()).optional(),
  }),
  /** What the reader knows is too old, or not of this ledger: it must read anew, and goes on from `head`. */
  z.strictObject({ kind: z.literal('reset'), head: liveHeadSchema }),
  /** To be answered with `ack`: whoever does not read is not sent more without end. */
  z.strictObject({ kind: z.literal('ack') }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;

/** Why the plane ends a socket. After each a reader may come back with a new ticket, and that tells whether it may. */
export const liveClosings = {
  ended: { code: 4000, reason: 'the time of the ticket or token is over' },
  access_changed: { code: 4001, reason: 'what the reader may see has changed' },
  project_closed: { code: 4002, reason: 'the project is served no more' },
  slow: { code: 4003, reason: 'the reader did not read' },
  interrupted: { code: 4004, reason: 'the plane lost its place' },
  unexpected: { code: 4005, reason: 'only ping and ack are taken' },
} as const;
export type LiveClosing = keyof typeof liveClosings;
