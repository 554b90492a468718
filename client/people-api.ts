import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';
import { shown, shownBefore } from './shown-once.ts';

const membersSchema = z.looseObject({ members: z.array(viewSchema), ...nextCursor });
const invitationsSchema = z.looseObject({ invitations: z.array(viewSchema), ...nextCursor });
const invitedSchema = z.discriminatedUnion('secret_available', [
  z.looseObject({ invitation_id: z.string(), ...shown, code: z.string() }),
  z.looseObject({ invitation_id: z.string(), ...shownBefore }),
]);
const claimsSchema = z.looseObject({ mappings: z.array(viewSchema) });
export type ClaimsMapping = z.infer<typeof claimsSchema>;
export type Invited = z.infer<typeof invitedSchema>;

export interface Roles {
  readonly roles: readonly string[];
  readonly approval_roles: readonly string[];
}
export interface Invitation extends Roles {
  readonly name: string;
  readonly expires_in_seconds?: number | undefined;
}

/** Who belongs to a project, and as what. Every method throws `ApiError`. */
export interface PeopleApi {
  members(page?: Page, options?: CallOptions): Promise<z.infer<typeof membersSchema>>;
  setRoles(person: string, roles: Roles, options?: WriteOptions): Promise<View>;
  remove(person: string, reason?: string, options?: WriteOptions): Promise<View>;
  invitations(page?: Page, options?: CallOptions): Promise<z.infer<typeof invitationsSchema>>;
  /** The code is in this answer and nowhere else. */
  invite(invitation: Invitation, options?: WriteOptions): Promise<Invited>;
  revokeInvitation(invitationId: string, options?: WriteOptions): Promise<View>;
  acceptInvitation(code: string, options?: WriteOptions): Promise<View>;
  /** Which claims of identity providers make members. */
  claims(options?: CallOptions): Promise<ClaimsMapping>;
  /** Replaces the whole list. */
  saveClaims(mappings: readonly unknown[], options?: WriteOptions): Promise<ClaimsMapping>;
}

const CLAIMS = '/v1/control/claims-mapping';

export function createPeopleApi({ get, post }: CallApi): PeopleApi {
  return {
    members: (page = {}, options) => get('/v1/members', membersSchema, options, { ...page }),
    setRoles: (person, { roles, approval_roles }, options) =>
      post(path`/v1/members/${person}/roles`, { roles, approval_roles }, viewSchema, options),
    remove: (person, reason, options) =>
      post(
        path`/v1/members/${person}/remove`,
        { ...(reason === undefined ? {} : { reason }) },
        viewSchema,
        options,
      ),
    invitations: (page = {}, options) => get('/v1/invitations', invitationsSchema, options, { ...page }),
    invite: (invitation, options) => post('/v1/invitations', { ...invitation }, invitedSchema, options),
    revokeInvitation: (id, options) => post(path`/v1/invitations/${id}/revoke`, {}, viewSchema, options),
    acceptInvitation: (code, options) => post('/v1/invitations/accept', { code }, viewSchema, options),
    claims: (options) => get(CLAIMS, claimsSchema, options),
    saveClaims: (mappings, options) => post(CLAIMS, { mappings }, claimsSchema, options),
  };
}
