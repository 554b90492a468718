import type { Activity } from '@countersign/protocol/runner-messages';
import { findInForce } from '../contracts/in-force.ts';
import { keptOutNameIn, namesIn } from '../contracts/kept-out-names.ts';
import type { ProposalRow } from '../schema.ts';
import type { World } from '../turn/world.ts';

/**
 * The name in an event's detail that must not leave the customer's network: a field that the contract keeps out,
 * wherever it stands, or one of an excerpt that the contract does not show.
 */
export function keptOutIn(
  world: World,
  { detail, capability }: Activity,
  proposal: ProposalRow | undefined,
): string | undefined {
  if (detail === undefined) return undefined;
  const name = capabilityOf(world, proposal) ?? capability;
  const found = name === undefined ? undefined : findInForce(world, name);
  if (found?.ok !== true) return undefined;
  const { capability: bounds } = found.inForce;
  const shown = [detail.excerpt, detail.excerpts].flatMap(namesIn);
  return keptOutNameIn(bounds, detail) ?? shown.find((field) => !bounds.visible_fields.includes(field));
}

function capabilityOf(world: World, proposal: ProposalRow | undefined): string | undefined {
  const body = proposal === undefined ? undefined : world.body(proposal.body_seq);
  if (body === undefined) return undefined;
  if ('change_set' in body) return body.change_set.action;
  return 'capability' in body ? body.capability : undefined;
}
