import type { InForce } from '../contracts/in-force.ts';
import { capabilityShape } from './capability-shape.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { contractPolicy } from './contract-policy.ts';

/** The approval policy that a contract names for its own capability. */
export function contractPolicyOf({ contract, capability, reference }: InForce): CompiledPolicy | undefined {
  const approval = capability.proposal?.approval;
  const policy = contract.policies?.find(({ name }) => name === approval?.policy);
  if (policy === undefined) return undefined;
  const minimums: Record<string, number> = {};
  for (const [column, { minimum }] of Object.entries(capability.proposal?.numeric_bounds ?? {})) {
    if (minimum !== undefined) minimums[column] = minimum;
  }
  return contractPolicy({
    contract: reference.contract_id,
    name: policy.name,
    rules: policy.rules ?? [],
    limits: policy.limits ?? [],
    capability: capabilityShape(capability),
    minimums,
    requiredApprovals: approval?.required_approvals ?? 1,
  });
}
