import * as z from 'zod';

/*
 * What may stand in a support bundle, by what it looks like: ids, words of closed lists, numbers and times. A field that is
 * not named stays out, and a value that does not look like what its field holds becomes null. So nothing that was written
 * by hand, and no value of a row, gets in by a field that somebody adds later.
 */

const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,159}$/;
/** How our own secrets begin; whoever pasted one into a name has it kept out of here. */
const SECRET = /syn_/i;
const WORD = /^[a-z][a-z0-9_.-]{0,63}$/;
const VERSION = /^v?\d{1,5}\.\d{1,5}\.\d{1,5}([-+][A-Za-z0-9.-]{1,32})?$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** As the control plane mints them: time, place and a tag, nothing that anybody chose. */
const MINTED = /^[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}$/;

const matching = (pattern: RegExp) =>
  z
    .string()
    .refine((text) => pattern.test(text) && !SECRET.test(text))
    .nullable()
    .catch(null);

export const id = matching(ID);
export const mintedId = matching(MINTED);
export const word = matching(WORD);
export const version = matching(VERSION);
export const time = matching(TIME);
export const digest = matching(DIGEST);
export const number = z.number().nullable().catch(null);
export const truth = z.boolean().nullable().catch(null);

export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).catch([]);
}

/** Counts by name, of names that are words. */
export const counts = z
  .record(z.string(), number)
  .catch({})
  .transform((all) => Object.fromEntries(Object.entries(all).filter(([name]) => WORD.test(name))));
