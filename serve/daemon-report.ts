import * as z from 'zod';
import { faultFactsSchema } from './serve-fault.ts';

const servingSchema = z.strictObject({
  pid: z.int(),
  url: z.string(),
  /** Where the configuration says that a proxy speaks TLS before it. */
  is_behind_proxy: z.boolean(),
  store: z.string(),
  /** Null for the standard output. */
  log: z.string().nullable(),
  backups: z.string().nullable(),
  /** Where the store was copied to before its schema was changed; null where it was not changed. */
  copy: z.string().nullable(),
  /** The process that the store's PID file named and that ended without taking it away, if one did. */
  stale_pid: z.int().nullable(),
  /** What whoever runs it should know. */
  warnings: z.array(z.string()),
});

/** What there is to say of a plane that has just begun to serve. */
export type Serving = z.infer<typeof servingSchema>;

/** What a daemon tells whoever started it, once. */
export const daemonReportSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('serving'), serving: servingSchema }),
  z.strictObject({ event: z.literal('refused'), fault: faultFactsSchema }),
]);
export type DaemonReport = z.infer<typeof daemonReportSchema>;
