import * as z from 'zod';
import { ApiError } from './api-error.ts';
import type { ContractsApi } from './contracts-api.ts';
import type { ProposalDetail } from './proposal-detail.ts';

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
  contracts: () => Promise<Pick<ContractsApi, 'version'>>,
  detail: ProposalDetail,
  signal: AbortSignal,
): Promise<ProposalDetail> {
  const { action, bounds, contract } = detail;
  const { contract_id, contract_version_id } = contract ?? {};
  if (bounds != null || contract_id == null || contract_version_id == null) return detail;
  try {
    const { version } = await (await contracts()).version(contract_id, contract_version_id, { signal });
    const { capabilities } = contractSchema.parse(version.contract);
    const found = capabilities.find(({ name }) => name === action)?.proposal?.numeric_bounds;
    return { ...detail, bounds: found };
  } catch (error) {
    if (error instanceof ApiError || error instanceof z.ZodError) return detail;
    throw error;
  }
}
