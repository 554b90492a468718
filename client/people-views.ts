import * as z from 'zod';
import { some, text, texts } from './tolerant.ts';

export const memberSchema = z.looseObject({
  /** `<issuer> <subject>` */
  person: z.string(),
  name: text,
  roles: texts,
  approval_roles: texts,
  /** `active`, or `removed`. */
  status: text,
});
export type MemberView = z.infer<typeof memberSchema>;

export const invitationSchema = z.looseObject({
  invitation_id: z.string(),
  name: text,
  roles: texts,
  approval_roles: texts,
  /** `open`, `accepted`, `revoked`, `expired`. */
  status: text,
  created_at: text,
  expires_at: text,
});
export type InvitationView = z.infer<typeof invitationSchema>;

/** What a value of an issuer's claim gives whoever has it. */
export const mappingSchema = z.looseObject({
  issuer: z.string(),
  value: z.string(),
  roles: z.array(z.string()).catch([]),
  approval_roles: z.array(z.string()).catch([]),
});
export type MappingView = z.infer<typeof mappingSchema>;

/** What an invitation that was accepted made. */
export const joinedSchema = z.looseObject({
  project_id: text,
  member: some(memberSchema),
});
