import type {
  AgentContract,
  Capability,
  ContractPolicy,
  ProposalAction,
  ScalarSpec,
} from '../contract/contract-document.ts';
import { own } from '../contract/own.ts';
import { subjectParts } from '../contract/subject-of.ts';

/** A contract as the rules look at it: capabilities with their table, proposals with what they write. */
export interface ContractView {
  contract: AgentContract;
  capabilities: CapabilityView[];
  proposals: ProposalView[];
}

export interface CapabilityView {
  capability: Capability;
  path: string;
  /** `schema.table`, by which capabilities are compared. */
  table: string;
}

export interface ProposalView extends CapabilityView {
  proposal: ProposalAction;
  operation: 'update' | 'insert' | 'delete';
  isSet: boolean;
  /** How many distinct people must approve; none where a policy may decide alone. */
  approvers: number;
  policy: ContractPolicy | undefined;
  writes: Write[];
}

/** A column that a proposal writes, and where the value comes from. */
export interface Write {
  column: string;
  path: string;
  /** The argument or item field, if the model chooses the value. */
  chosen: { name: string; path: string; spec: ScalarSpec } | undefined;
  fixed: string | number | boolean | null | undefined;
  bounds: Bounds;
}

export interface Bounds {
  minimum?: number | undefined;
  maximum?: number | undefined;
}

export function viewOf(contract: AgentContract): ContractView {
  const capabilities = contract.capabilities.map((capability, index) => ({
    capability,
    path: `$.capabilities[${index}]`,
    table: tableOf(contract, capability),
  }));
  return { contract, capabilities, proposals: capabilities.flatMap((view) => proposalView(contract, view)) };
}

function tableOf(contract: AgentContract, capability: Capability): string {
  const name = capability.subject.resource;
  const resource = contract.resources?.find((candidate) => candidate.name === name);
  const { schema, table } = subjectParts(resource, capability.subject);
  return `${schema}.${table}`;
}

function proposalView(contract: AgentContract, view: CapabilityView): ProposalView[] {
  const { proposal } = view.capability;
  if (proposal === undefined) return [];
  const { mode, policy, required_approvals } = proposal.approval ?? {};
  return [
    {
      ...view,
      proposal,
      operation: proposal.operation?.kind ?? 'update',
      isSet: proposal.operation?.cardinality === 'set',
      approvers: mode === 'policy' ? 0 : (required_approvals ?? 1),
      policy: mode === 'policy' ? contract.policies?.find(({ name }) => name === policy) : undefined,
      writes: writesOf(view, proposal),
    },
  ];
}

function writesOf({ capability, path }: CapabilityView, proposal: ProposalAction): Write[] {
  return Object.entries(proposal.patch).map(([column, binding]) => {
    const chosen = chosenBy(capability, proposal, binding);
    const stated = own(proposal.numeric_bounds ?? {}, column);
    return {
      column,
      path: `${path}.proposal.patch.${column}`,
      chosen: chosen && { ...chosen, path: `${path}.args.${chosen.path}` },
      fixed: binding.fixed,
      bounds: chosen === undefined ? {} : narrower(stated ?? {}, chosen.spec),
    };
  });
}

function chosenBy(
  capability: Capability,
  proposal: ProposalAction,
  binding: ProposalAction['patch'][string],
): Write['chosen'] {
  if (binding.from_arg !== undefined) {
    const spec = own(capability.args, binding.from_arg);
    if (spec === undefined || spec.type === 'object_array') return undefined;
    return { name: binding.from_arg, path: binding.from_arg, spec };
  }
  const batch = proposal.operation?.batch?.items_from_arg;
  if (binding.from_item === undefined || batch === undefined) return undefined;
  const items = own(capability.args, batch);
  const spec = items?.type === 'object_array' ? own(items.fields, binding.from_item) : undefined;
  return spec && { name: binding.from_item, path: `${batch}.fields.${binding.from_item}`, spec };
}

/** What passes both the argument's check and the column's. */
function narrower(bounds: Bounds, spec: ScalarSpec): Bounds {
  if (spec.type !== 'number') return bounds;
  const choices = spec.enum ?? [];
  const least = [bounds.minimum, spec.minimum, choices.length > 0 ? Math.min(...choices) : undefined];
  const most = [bounds.maximum, spec.maximum, choices.length > 0 ? Math.max(...choices) : undefined];
  return {
    minimum: extreme(Math.max, least),
    maximum: extreme(Math.min, most),
  };
}

function extreme(pick: (...values: number[]) => number, values: (number | undefined)[]): number | undefined {
  const stated = values.filter((value) => value !== undefined);
  return stated.length > 0 ? pick(...stated) : undefined;
}
