import * as z from 'zod';
import { identifierSchema } from '../values.ts';
import { boundSchema, proseSchema, section } from './section.ts';

const MOST_CHOICES = 64;
const MOST_ITEMS = 100;
const MOST_FIELDS = 64;

function choicesOf<Choice extends z.ZodType>(choice: Choice) {
  return z
    .array(choice)
    .min(1)
    .max(MOST_CHOICES)
    .refine((choices) => new Set(choices).size === choices.length, 'must not repeat a value')
    .optional();
}

const common = {
  description: proseSchema.optional(),
  /** Absent means required. */
  required: z.boolean().optional(),
};
const scalarCommon = { ...common, max_length: z.int().min(1).optional() };

const stringSpecSchema = section({
  ...scalarCommon,
  type: z.literal('string'),
  enum: choicesOf(z.string()),
});
const numberSpecSchema = section({
  ...scalarCommon,
  type: z.literal('number'),
  minimum: boundSchema.optional(),
  maximum: boundSchema.optional(),
  enum: choicesOf(boundSchema),
});
const booleanSpecSchema = section({
  ...scalarCommon,
  type: z.literal('boolean'),
  enum: choicesOf(z.boolean()),
});

export const scalarSpecSchema = z.discriminatedUnion('type', [
  stringSpecSchema,
  numberSpecSchema,
  booleanSpecSchema,
]);

const fieldsSchema = z
  .record(identifierSchema, scalarSpecSchema)
  .refine((fields) => Object.keys(fields).length >= 1, 'must name a field')
  .refine((fields) => Object.keys(fields).length <= MOST_FIELDS, `must have at most ${MOST_FIELDS} fields`);

/** Only batch inserts read `object_array`. */
export const argumentSpecSchema = z.discriminatedUnion('type', [
  stringSpecSchema,
  numberSpecSchema,
  booleanSpecSchema,
  section({
    ...common,
    type: z.literal('object_array'),
    max_items: z.int().min(1).max(MOST_ITEMS),
    fields: fieldsSchema,
  }),
]);
