import {
  acceptInvitationSchema,
  inviteSchema,
  membersQuerySchema,
  personSchema,
  saveClaimsMappingSchema,
  setRolesSchema,
} from '@countersign/protocol/people-requests';
import {
  emptyBodySchema,
  pageQuerySchema,
  projectQuerySchema,
} from '@countersign/protocol/proposal-requests';
import { parseOrRefuse } from '@countersign/protocol/validation';
import { offeredCode } from '../auth/mint-secret.ts';
import { minted, noBody, param, route } from './route.ts';

const MEMBER = '/v1/members/:person';
const CLAIMS = '/v1/control/claims-mapping';

function personIn(params: Readonly<Record<string, string>>): string {
  return parseOrRefuse(personSchema, param(params, 'person'));
}

/** Members and their roles, invitations, and what an identity provider's claims give. */
export const peopleRoutes = [
  route({
    method: 'GET',
    path: '/v1/members',
    summary: 'Who is or was a member by name, and with which roles.',
    asks: 'list-members',
    body: noBody,
    query: membersQuerySchema,
    ask: ({ query }) => ({ type: 'list-members', limit: query.limit, cursor: query.cursor ?? null }),
  }),
  route({
    method: 'POST',
    path: `${MEMBER}/roles`,
    summary: "Set a member's roles and approval roles; they hold at the next request.",
    asks: 'set-roles',
    body: setRolesSchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'set-roles',
      person: personIn(params),
      roles: body.roles,
      approvalRoles: body.approval_roles,
    }),
  }),
  route({
    method: 'POST',
    path: `${MEMBER}/remove`,
    summary: 'End a membership, at the next request.',
    asks: 'remove-member',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: ({ params, body }) => ({
      type: 'remove-member',
      person: personIn(params),
      reason: body.reason ?? null,
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/invitations',
    summary: 'The invitations of the project, without their codes.',
    asks: 'list-invitations',
    body: noBody,
    query: pageQuerySchema,
    ask: ({ query }) => ({ type: 'list-invitations', limit: query.limit, cursor: query.cursor ?? null }),
  }),
  route({
    method: 'POST',
    path: '/v1/invitations',
    summary: 'Invite somebody; the code is shown once.',
    asks: 'invite',
    secret: 'inv',
    body: inviteSchema,
    query: projectQuerySchema,
    ask: ({ body, secret }) => ({ type: 'invite', minted: minted(secret), request: body }),
  }),
  route({
    method: 'POST',
    path: '/v1/invitations/accept',
    summary: 'Become a member, with the code of an invitation.',
    asks: 'accept-invitation',
    body: acceptInvitationSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'accept-invitation', offered: offeredCode(body.code) }),
  }),
  route({
    method: 'POST',
    path: '/v1/invitations/:invitation_id/revoke',
    summary: 'Take an invitation back.',
    asks: 'revoke-invitation',
    body: emptyBodySchema,
    query: projectQuerySchema,
    ask: ({ params }) => ({ type: 'revoke-invitation', invitationId: param(params, 'invitation_id') }),
  }),
  route({
    method: 'GET',
    path: CLAIMS,
    summary: 'Which claims of identity providers make members.',
    asks: 'read-claims-mapping',
    body: noBody,
    query: projectQuerySchema,
    ask: () => ({ type: 'read-claims-mapping' }),
  }),
  route({
    method: 'POST',
    path: CLAIMS,
    summary: 'Say which claims of identity providers make members; the whole list.',
    asks: 'save-claims-mapping',
    body: saveClaimsMappingSchema,
    query: projectQuerySchema,
    ask: ({ body }) => ({ type: 'save-claims-mapping', mappings: body.mappings }),
  }),
];
