import * as z from 'zod';
import { pageQuerySchema } from './proposal-requests.ts';
import { timestampSchema } from './values.ts';

/** Existing clients send an empty text where nothing is said (PROTOCOL 2.3). */
const unsaid = z.literal('').transform(() => undefined);
const wordSchema = z.union([unsaid, z.string().min(1).max(200)]).optional();
/** A timestamp, or a day, which is its first moment. */
const timeSchema = z
  .union([unsaid, timestampSchema, z.iso.date().transform((day) => `${day}T00:00:00Z`)])
  .optional();

/** Which of the record is wanted, in the words of existing clients. */
export const recordFilterFields = {
  from_time: timeSchema,
  to_time: timeSchema,
  /** Of the proposal, as existing clients know its states; of an event that is about none, its own. */
  status: wordSchema,
  capability: wordSchema,
  source_id: wordSchema,
};

const recordFilterSchema = z.strictObject(recordFilterFields);
export type RecordFilter = z.infer<typeof recordFilterSchema>;

export const activityQuerySchema = pageQuerySchema.extend({
  ...recordFilterFields,
  /** Any id that belongs to one proposal: then its events alone. */
  lookup: wordSchema,
});
