import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import { type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import type { Decision } from './decision.ts';
import { standingOf } from './requirement.ts';

/** A proposal or an action, as far as it matters for who may decide it. */
export type Decidable = Pick<
  ProposalRow,
  'proposer_kind' | 'proposer_id' | 'principal_id' | 'requirements' | 'decisions'
>;

/** An approval of somebody who has been removed since stands in the record, and counts no more. */
export function stillCounts(world: World, { by }: Decision): boolean {
  if (!by.startsWith('person:')) return true;
  return world.member(by.slice('person:'.length))?.status !== 'removed';
}

/**
 * Who proposed, or in whose name, cannot approve, owners included; nor who issued the agent or the API key that proposed.
 * A runner's token proposes nothing of its own: its runner carries what somebody else asked for, and names them. Existing
 * clients count on that: the person who hands a runner its token also decides (PROTOCOL 6.2, steps 8 and 16).
 */
export function refusalOfSeparation(
  world: World,
  row: Pick<Decidable, 'proposer_kind' | 'proposer_id' | 'principal_id'>,
  identity: Identity,
): Reply | undefined {
  const isProposer = row.proposer_kind === identity.actor.kind && row.proposer_id === identity.actor.id;
  const isIssued = row.proposer_kind === 'agent' || row.proposer_kind === 'service';
  const issuer = isIssued ? world.credential(row.proposer_id)?.issued_by : undefined;
  const isIssuer = issuer === `${identity.actor.kind}:${identity.actor.id}`;
  if (!isProposer && !isIssuer && !isPrincipal(row, identity)) return undefined;
  return refuse(
    'separation_of_duty',
    'you proposed this, or it was proposed in your name or with a credential that you issued',
    'somebody else must decide',
  );
}

/** The same, and a role must be held that is still needed. Who was removed since gave nothing. */
export function refusalOfDuty(world: World, row: Decidable, identity: Identity): Reply | undefined {
  const separated = refusalOfSeparation(world, row, identity);
  if (separated !== undefined) return separated;
  const counting = row.decisions.filter((decision) => stillCounts(world, decision));
  const open = standingOf(row.requirements, counting).filter(({ approvals, given }) => given < approvals);
  const held = identity.kind === 'person' ? identity.approvalRoles : [];
  if (open.length === 0 || open.some(({ role }) => role === null || held.includes(role))) return undefined;
  const roles = open.map(({ role }) => role).join(', ');
  return refuse(
    'approval_role_required',
    `what this still needs is the approval role ${roles}`,
    `a member with the role ${roles} can decide`,
  );
}

/** The principal is the subject at the identity provider, alone or after its issuer; spelling hides nobody. */
function isPrincipal(row: Pick<Decidable, 'principal_id'>, identity: Identity): boolean {
  if (identity.kind !== 'person') return false;
  const named = plain(row.principal_id);
  const { id } = identity.actor;
  return named === plain(id) || named === plain(id.split(' ').at(-1) ?? '');
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
