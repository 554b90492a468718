import { ApiError } from '@countersign/client/api-error';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import * as z from 'zod';
import type { Plane } from '../plane.ts';

const contractSchema = z.looseObject({
  capabilities: z.array(
    z.looseObject({
      name: z.string(),
      proposal: z.looseObject({ numeric_bounds: z.record(z.string(), z.unknown()).optional() }).optional(),
    }),
  ),
});

/**
 * The proposal with the bounds of the contract version that it is bound to, where the proposal itself does not tell
 * them. Not everybody may read contracts; then it is shown without.
 */
export async function withBounds(
  plane: Plane,
  detail: ProposalDetail,
  signal: AbortSignal,
): Promise<ProposalDetail> {
  const { action, bounds, contract, project_id } = detail;
  const { contract_id, contract_version_id } = contract ?? {};
  if (bounds != null || contract_id == null || contract_version_id == null) return detail;
  try {
    const contracts = await plane.contracts(project_id ?? undefined);
    const { version } = await contracts.version(contract_id, contract_version_id, { signal });
    const { capabilities } = contractSchema.parse(version.contract);
    const found = capabilities.find(({ name }) => name === action)?.proposal?.numeric_bounds;
    return { ...detail, bounds: found };
  } catch (error) {
    if (error instanceof ApiError || error instanceof z.ZodError) return detail;
    throw error;
  }
}
