import * as z from 'zod';

const callerSchema = z.looseObject({
  kind: z.string(),
  /** Of a person, `issuer sub`; of others the credential's id. */
  actor: z.string(),
  name: z.string(),
  project_id: z.string(),
  roles: z.array(z.string()).optional(),
  approval_roles: z.array(z.string()).optional(),
  expires_at: z.string().nullish(),
  /** Everything that the caller may ask here, by name, as far as it does not depend on what it is about. */
  may: z.array(z.string()).default([]),
});
export type CallerView = z.infer<typeof callerSchema>;
/** The answer about who asks. */
export const callerAnswerSchema = z.looseObject({ context: callerSchema });
