import * as z from 'zod';

/** Issues that have a code of their own on the wire carry it in `params` (see `validation.ts`). */
export function coded(code: string, message: string) {
  return { code: 'custom' as const, params: { code }, message };
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** PostgreSQL cuts longer names silently, and MySQL refuses them at 64. */
const LONGEST_IDENTIFIER = 63;

/** A name of a schema, table or column. Quotes, dots and blanks are refused, not escaped. */
export const identifierSchema = z.string().superRefine((text, context) => {
  if (!IDENTIFIER.test(text) || text.length > LONGEST_IDENTIFIER) {
    context.addIssue(
      coded('invalid_identifier', 'must be letters, digits and _, not begin with a digit, at most 63'),
    );
  }
});

/** A JSON number that survives the trip: integers beyond 2^53 must travel as text. */
const numberSchema = z.number().superRefine((value, context) => {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    context.addIssue(coded('unsafe_number', 'an integer beyond 2^53 must be sent as a string'));
  }
});

const LONGEST_SCALAR_TEXT = 65_536;

export const scalarSchema = z.union([
  z.string().max(LONGEST_SCALAR_TEXT),
  numberSchema,
  z.boolean(),
  z.null(),
]);
export type Scalar = z.infer<typeof scalarSchema>;

export const columnValueSchema = z.strictObject({ column: identifierSchema, value: scalarSchema });
export type ColumnValue = z.infer<typeof columnValueSchema>;

export const MOST_COLUMNS = 256;

/** A map of columns to scalars, 1 to 256 of them. */
export const rowSchema = z
  .record(identifierSchema, scalarSchema)
  .refine((row) => Object.keys(row).length >= 1, 'must not be empty')
  .refine((row) => Object.keys(row).length <= MOST_COLUMNS, `must have at most ${MOST_COLUMNS} columns`);

export const digestSchema = z
  .string()
  .max(200)
  .regex(/^sha256:.+$/, 'must be sha256: and a digest');

/** An id that somebody else made: opaque to us, but short and printable, since it is shown, logged and a key. */
export const foreignIdSchema = z
  .string()
  .min(1)
  .max(160)
  .regex(/^[A-Za-z0-9_.:-]+$/, 'must be letters, digits and _ . : -');

/** Short human text. */
export const labelSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line, without control characters');

export const jsonObjectSchema = z.record(z.string(), z.json());
export type JsonObject = z.infer<typeof jsonObjectSchema>;

export const timestampSchema = z.iso.datetime({ offset: true });
