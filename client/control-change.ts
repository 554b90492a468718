import * as z from 'zod';
import type { View } from './call-api.ts';

const text = z.string().nullish().catch(undefined);

/** One change of what steers agents or bounds them; read member by member, as much as can be. */
const changeSchema = z.looseObject({
  revision: z.number(),
  type: z.string(),
  /** What changed, as the ledger names it. */
  subject: z.string(),
  actor: z.looseObject({ kind: text, id: text }).nullish().catch(undefined),
  /** Not told to whoever sees no payloads. */
  reason: text,
  at: text,
  ledger_seq: z.number().nullish().catch(undefined),
});
export type ControlChange = z.infer<typeof changeSchema>;

export function controlChangeOf(view: View): ControlChange {
  return changeSchema.parse(view);
}
