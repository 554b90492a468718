import * as z from 'zod';
import { foreignIdSchema } from './values.ts';

/** Nothing invisible, and nothing that turns the direction of the text around it: people decide by these names. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]+$/u;

/** A name that people read before they trust somebody, in one spelling of those that look the same. */
export const shownNameSchema = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => PLAIN.test(text), 'must hold no control or invisible characters')
  .refine((text) => text === text.trim() && text === text.normalize('NFC'), 'must be trimmed and in NFC');

/** `<issuer> <subject>`, as an identity provider says who somebody is. */
export const personSchema = z
  .string()
  .max(800)
  .regex(/^[^\s\p{Cc}\p{Cs}]{1,500} [^\s\p{Cc}\p{Cs}]{1,255}$/u, 'must be an issuer, a blank and a subject');

const MOST_ROLES = 10;
const MOST_APPROVAL_ROLES = 50;

function distinct<Item extends z.ZodType>(item: Item, most: number) {
  return z
    .array(item)
    .max(most)
    .refine((list) => new Set(list).size === list.length, 'must not repeat');
}

const projectField = { project_id: foreignIdSchema.optional() };
const roleFields = {
  /** Of the closed list of roles; one at least. */
  roles: distinct(z.string().min(1).max(40), MOST_ROLES).refine((list) => list.length > 0, 'must name one'),
  /** Labels that contracts and policies ask for. */
  approval_roles: distinct(shownNameSchema, MOST_APPROVAL_ROLES).default([]),
};

export const setRolesSchema = z.strictObject({ ...projectField, ...roleFields });

const SHORTEST_OFFER_S = 60;
const LONGEST_OFFER_S = 30 * 86_400;
const USUAL_OFFER_S = 7 * 86_400;

export const inviteSchema = z.strictObject({
  ...projectField,
  /** Of whoever is invited, as members will see it. */
  name: shownNameSchema,
  ...roleFields,
  expires_in_seconds: z.int().min(SHORTEST_OFFER_S).max(LONGEST_OFFER_S).default(USUAL_OFFER_S),
});
export type Invite = z.infer<typeof inviteSchema>;

export const acceptInvitationSchema = z.strictObject({
  ...projectField,
  /** Any text: which ones are codes is not told. */
  code: z.string().min(1).max(1_000),
});

/** Who becomes a member by what the identity provider says: a value of an issuer's claim, and what it gives here. */
export const claimMappingSchema = z.strictObject({
  issuer: z.url().max(500),
  value: z.string().min(1).max(200),
  ...roleFields,
});
export type ClaimMapping = z.infer<typeof claimMappingSchema>;

const MOST_MAPPINGS = 200;

/** The whole list replaces the one before. */
export const saveClaimsMappingSchema = z.strictObject({
  ...projectField,
  mappings: z
    .array(claimMappingSchema)
    .max(MOST_MAPPINGS)
    .refine(
      (list) => new Set(list.map(({ issuer, value }) => `${issuer} ${value}`)).size === list.length,
      'two mappings are about the same value of the same issuer',
    ),
});

/** Ids of persons are long, and so are the cursors of their list. */
export const membersQuerySchema = z.strictObject({
  ...projectField,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(800).optional(),
});
